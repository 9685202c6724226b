import AviaryCore

/// Examples in rows: inputs, what is to be learned of them, and what the set's makers said about the rows.
///
/// ```swift
/// let set = DataSet(name: "points", inputs: points, targets: labels)
/// let rows = try StratifiedSplit(test: 0.2).partition(set, random: RandomSource(seed: 1))
/// let (training, test) = (set.subset(rows.train), set.subset(rows.test))
/// ```
public struct DataSet: Sendable {
  /// The set's name, for messages and reports.
  public var name: String
  /// One row an example: [n, …].
  public var inputs: Tensor
  /// int64 labels [n], or values [n, …]; nil where nothing is to be predicted.
  public var targets: Tensor?
  /// The classes' names, where the targets are labels and the names are known.
  public var classNames: [String]?
  /// Rows that the set's makers set apart: `"train"`, `"test"`. Empty where they did not.
  public var parts: [String: Range<Int>]
  /// The features' names, in the order of the inputs' last axis; nil for inputs without names, such as images.
  public var featureNames: [String]?
  /// The target's name, where it has one.
  public var targetName: String?
  /// Whether the class names are only the numbers that a file has as labels: it may lack the last classes.
  package var classesAreCounted = false
  /// What was guessed or left out when the set was read, a sentence each, for the user to see.
  public var notes: [String] = []

  /// A set of examples.
  public init(
    name: String, inputs: Tensor, targets: Tensor? = nil, classNames: [String]? = nil, parts: [String: Range<Int>] = [:]
  ) {
    self.name = name
    self.inputs = inputs
    self.targets = targets
    self.classNames = classNames
    self.parts = parts
  }

  /// How many examples.
  public var count: Int { inputs.shape[0] }

  /// The shape of one input.
  public var inputShape: Shape { inputs.shape.removing(axis: 0) }

  /// The labels [n], where the targets are labels.
  public var labels: Tensor? { targets.flatMap { $0.dtype == .int64 ? $0 : nil } }

  /// How many classes, where the targets are labels: the number of names, else one more than the greatest label.
  public var classes: Int? {
    guard let labels, labels.elementCount > 0 else { return nil }
    return max(classNames?.count ?? 0, Int(labels.max().item()) + 1)
  }

  /// The given rows, in the given order, without ``parts``. Neighbouring rows in ascending order share the set's memory;
  /// others are copied. Traps on a row that is not there.
  public func subset(_ rows: [Int], file: StaticString = #fileID, line: UInt = #line) -> DataSet {
    require(rows.allSatisfy { $0 >= 0 && $0 < count }, "a row outside of the \(count) rows of '\(name)'", file, line)
    if let first = rows.first, rows.indices.allSatisfy({ rows[$0] == first + $0 }) {
      let range = first..<(first + rows.count)
      return with(inputs: inputs[range], targets: targets?[range])
    }
    let positions = Tensor(rows, shape: [rows.count])
    return with(inputs: inputs.gather(positions), targets: targets?.gather(positions))
  }

  /// Other rows of the same set.
  private func with(inputs: Tensor, targets: Tensor?) -> DataSet {
    var rows = self
    (rows.inputs, rows.targets, rows.parts) = (inputs, targets, [:])
    return rows
  }
}
