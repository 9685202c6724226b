import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Class weights, shared by classification losses.
struct ClassWeights: FieldGroup {
  @Field("Weight of each class, in class order; by default all 1", .nonNegative)
  var classWeights: [Double]?

  init() {}

  init(_ weights: [Double]?) { classWeights = weights }

  /// Requires at least one weight above 0.
  func validate() throws {
    guard let classWeights else { return }
    try Check.that(
      classWeights.contains { $0 > 0 }, "classWeights", "a weight above 0 for at least one class", found: classWeights)
  }

  /// Multiplies class probabilities [batch, classes] by the class weights. Throws ``LossError`` unless there is one
  /// weight per class.
  func callAsFunction(_ shares: Variable, of loss: String) throws -> Variable {
    guard let classWeights else { return shares }
    guard classWeights.count == shares.shape[1] else {
      throw LossError(
        "\(loss): \(classWeights.count) class weights for outputs with \(shares.shape[1]) classes; give one weight per class"
      )
    }
    return shares * Variable(Tensor(classWeights).cast(to: shares.dtype))
  }
}
