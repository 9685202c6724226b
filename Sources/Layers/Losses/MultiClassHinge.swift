import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The hinge loss of a choice among K classes: each other class costs what its score comes within a margin of the true
/// class's, (1/K)·Σ over k ≠ true of max(0, margin − y_true + yₖ)^power for each row.
///
/// PyTorch's `MultiMarginLoss`. Outputs [batch, classes]; targets integer labels [batch], or rows of zeros with a one. (Weston
/// and Watkins: Support vector machines for multi-class pattern recognition, 1999.)
public struct MultiClassHinge: Loss, Registrable {
  public static let name = "multi-class-hinge"
  public static let card = Card(
    "The hinge loss of a choice among classes: the true class's score leads all others by a margin, or costs.",
    formula: "(1/K)·Σ over k ≠ true of max(0, margin − y_true + yₖ)^power",
    references: ["Weston, Watkins: Support vector machines for multi-class pattern recognition (1999)"])

  @Field("By how much the true class's score has to lead", .positive) var margin = 1.0
  @Field("1, or 2 for the squares", .in(1...2)) var power = 1

  public init() {}

  /// A margin of 1 and the power 1 unless given. Traps on a margin that is not positive, and on powers but 1 and 2.
  public init(margin: Double = 1, power: Int = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.margin = margin
    self.power = power
    self = required(file: file, line: line)
  }

  /// Labels: the choice is one of classes.
  public var prefersLabels: Bool? { true }

  /// [batch]. Throws ``LossError`` where the targets do not fit, or are probabilities.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let isTrue = try Targets(loss: Self.name, output: output, target: target).choices()
    let score = (isTrue * output).sum(axes: [1], keepingDimensions: true)
    let lacks = ((output - score + margin) * (1 - isTrue)).relu()
    return (power == 2 ? lacks.square() : lacks).mean(axes: [1])
  }
}
