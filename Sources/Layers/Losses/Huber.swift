import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The Huber loss: half the squared error up to δ, linear beyond.
///
///     (1/K)·Σₖ ½dₖ² if |dₖ| ≤ δ, else δ·(|dₖ| − ½δ),   d = y − t        (K outputs per row; or their sum)
///
/// Smooth at the target like the squared error (half of it), and robust to outliers like the absolute error (δ times
/// it). (Huber: Robust estimation of a location parameter, 1964; as in PyTorch.)
///
/// Targets: numbers of the output's shape, or integer labels [batch], which become one-hot rows.
public struct Huber: Loss, Registrable {
  public static let name = "huber"
  public static let card = Card(
    "Half the squared error for small errors, linear beyond, so that outliers do not dominate.",
    formula: "(1/K)·Σₖ ½dₖ² if |dₖ| ≤ δ, else δ·(|dₖ| − ½δ),  d = y − t",
    references: ["Huber: Robust estimation of a location parameter (1964)"])

  @Field("Error δ beyond which the loss is linear", .positive) var delta = 1.0
  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  /// Traps unless δ is finite and above 0.
  public init(delta: Double = 1, reduction: RowReduction = .mean, file: StaticString = #fileID, line: UInt = #line) {
    self.delta = delta
    self.reduction = reduction
    self = required(file: file, line: line)
  }

  public var prefersLabels: Bool? { false }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let target = try Targets(loss: Self.name, output: output, target: target).values()
    let distance = output - target
    // With c = d clamped to ±δ, both cases are c·(d − ½c), without a branch or a square that overflows.
    let near = distance.clamped(to: -delta...delta)
    return reduction(near * (distance - near * 0.5))
  }
}
