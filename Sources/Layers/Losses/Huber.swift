import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Half the squared distance where output and target are near, and beyond δ a line that goes on with the same slope:
/// (1/K)·Σₖ ½dₖ² where |dₖ| ≤ δ, else δ·(|dₖ| − ½δ), d = y − t, for a row of K outputs, or their sum.
///
/// Smooth at the target as the squared error (of which it is one half there), patient with outliers as the absolute error
/// (of which it is δ times there). (Huber: Robust estimation of a location parameter, 1964; as in PyTorch.)
///
/// Targets: numbers of the output's shape, or integer labels [batch], which stand for rows of zeros with a one.
public struct Huber: Loss, Registrable {
  public static let name = "huber"
  public static let card = Card(
    "Half the squared distance of outputs and targets near them, a line beyond, so that outliers do not rule.",
    formula: "(1/K)·Σₖ ½dₖ² where |dₖ| ≤ δ, else δ·(|dₖ| − ½δ),  d = y − t",
    references: ["Huber: Robust estimation of a location parameter (1964)"])

  @Field("Distance δ from which on the loss is a line", .positive) var delta = 1.0
  @Field("What becomes of the K outputs of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// δ = 1 and the mean of a row's elements unless given. Traps on a δ that is not a number above 0.
  public init(delta: Double = 1, reduction: RowReduction = .mean, file: StaticString = #fileID, line: UInt = #line) {
    self.delta = delta
    self.reduction = reduction
    self = required(file: file, line: line)
  }

  /// Values: the distance is one of numbers.
  public var prefersLabels: Bool? { false }

  /// [batch]. Throws ``LossError`` where the targets do not fit.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let target = try Targets(loss: Self.name, output: output, target: target).values()
    let distance = output - target
    // With c = d cut to ±δ both cases are c·(d − ½c): no square that overflows, and no branch.
    let near = distance.clamped(to: -delta...delta)
    return reduction(near * (distance - near * 0.5))
  }
}
