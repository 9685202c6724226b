import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// How much each class counts: what losses of a choice among classes share.
struct ClassWeights: FieldGroup {
  @Field("Weight of each class, in the order of the classes; 1 each unless given", .nonNegative)
  var classWeights: [Double]?

  init() {}

  init(_ weights: [Double]?) { classWeights = weights }

  /// Not all weights are 0.
  func validate() throws {
    guard let classWeights else { return }
    try Check.that(
      classWeights.contains { $0 > 0 }, "classWeights", "a weight above 0 for at least one class", found: classWeights)
  }

  /// Shares of classes [batch, classes], each times the weight of its class. Throws ``LossError`` unless there is a weight
  /// for each.
  func callAsFunction(_ shares: Variable, of loss: String) throws -> Variable {
    guard let classWeights else { return shares }
    guard classWeights.count == shares.shape[1] else {
      throw LossError(
        "\(loss): \(classWeights.count) class weights for outputs of \(shares.shape[1]) classes; give one weight a class"
      )
    }
    return shares * Variable(Tensor(classWeights).cast(to: shares.dtype))
  }
}
