import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The hinge loss for K classes: the true class's score must exceed all others by a margin.
///
///     (1/K)·Σ over k ≠ true of max(0, margin − y_true + yₖ)^power
///
/// PyTorch's `MultiMarginLoss`. Outputs [batch, classes]; targets integer labels [batch], or one-hot rows. (Weston and
/// Watkins: Support vector machines for multi-class pattern recognition, 1999.)
public struct MultiClassHinge: Loss, Registrable {
  public static let name = "multi-class-hinge"
  public static let card = Card(
    "The hinge loss for classes: the true class's score must exceed all others by a margin.",
    formula: "(1/K)·Σ over k ≠ true of max(0, margin − y_true + yₖ)^power",
    references: ["Weston, Watkins: Support vector machines for multi-class pattern recognition (1999)"])

  @Field("Margin by which the true class's score must exceed the others", .positive) var margin = 1.0
  @Field("Power: 1, or 2 for squares", .in(1...2)) var power = 1

  public init() {}

  /// Traps on a margin that is not positive, and on powers other than 1 and 2.
  public init(margin: Double = 1, power: Int = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.margin = margin
    self.power = power
    self = required(file: file, line: line)
  }

  public var prefersLabels: Bool? { true }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match, or are probabilities.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let isTrue = try Targets(loss: Self.name, output: output, target: target).choices()
    let score = (isTrue * output).sum(axes: [1], keepingDimensions: true)
    let lacks = ((output - score + margin) * (1 - isTrue)).relu()
    return (power == 2 ? lacks.square() : lacks).mean(axes: [1])
  }
}
