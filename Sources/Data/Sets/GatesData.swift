import AviaryCore
import AviaryRegistry

/// The truth table of a logic gate with two inputs: rows (0, 0), (0, 1), (1, 0), (1, 1), with the gate's output as
/// label.
///
/// Shapes: inputs float32 [4·repetitions, 2], targets int64 [4·repetitions].
public struct GatesData: DataSource, Registrable {
  /// The gates.
  public enum Gate: String, CaseIterable, FieldValue {
    case and, or, xor, nand, nor, xnor
  }

  public static let name = "gates"
  public static let card = Card(
    "The truth table of a logic gate: two inputs that are 0 or 1, with the gate's output as label.",
    references: ["Minsky, Papert: Perceptrons (1969)"], tags: ["and", "or", "xor", "toy"])

  @Field("Gate; a single perceptron learns all but xor and xnor") var gate = Gate.xor
  @Field("Number of repetitions of the four rows", .in(1...1_000_000)) var repetitions = 1

  public init() {}

  /// The table of a gate. Traps unless `repetitions` is from 1 to 1000000.
  public init(_ gate: Gate, repetitions: Int = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.gate = gate
    self.repetitions = repetitions
    self = required(file: file, line: line)
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try environment.refuseFile(for: Self.name)
    var inputs: [Float] = []
    var labels: [Int] = []
    for _ in 0..<repetitions {
      for (a, b) in [(false, false), (false, true), (true, false), (true, true)] {
        inputs += [a ? 1 : 0, b ? 1 : 0]
        labels.append(gate(a, b) ? 1 : 0)
      }
    }
    return DataSet(
      name: gate.rawValue, inputs: Tensor(inputs, shape: [labels.count, 2]),
      targets: Tensor(labels, shape: [labels.count]), classNames: ["false", "true"])
  }
}

extension GatesData.Gate {
  /// The gate's output.
  public func callAsFunction(_ a: Bool, _ b: Bool) -> Bool {
    switch self {
    case .and: a && b
    case .or: a || b
    case .xor: a != b
    case .nand: !(a && b)
    case .nor: !(a || b)
    case .xnor: a == b
    }
  }
}
