import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers

extension Loss {
  /// Throws ``LossError`` where the last layer ends with a function that the loss applies itself, or without one that it
  /// relies on.
  func checkActivation(of part: Model) throws {
    guard let function = part.outputActivation else { return }
    switch outputForm {
    case .logits where [Sigmoid.name, HardSigmoid.name, Softmax.name, Sparsemax.name].contains(function):
      throw LossError(
        "the loss takes outputs as they are before a sigmoid or softmax, and the last layer ends with '\(function)'; leave "
          + "that out, or take another loss")
    case .logProbabilities where function != LogSoftmax.name:
      throw LossError(
        "the loss takes the logarithms of probabilities, and the last layer ends with '\(function)'; let it end with "
          + "'\(LogSoftmax.name)', or take the loss '\(SoftmaxCrossEntropy.name)', which takes outputs before a softmax"
      )
    case .logits, .logProbabilities, .logRates, .values: return
    }
  }

  /// Throws ``LossError`` where values of a set cannot be targets of outputs of a shape.
  func checkValues(of set: DataSet, outputs: Shape) throws {
    guard set.targets?.dtype.isFloatingPoint == true else { return }
    for batch in BatchLoader(set, batchSize: Stage.measuredAtOnce) {
      guard let targets = batch.targets else { continue }
      let output = Tensor.zeros(outputs.inserting(batch.count, at: 0), dtype: targets.dtype)
      _ = try self(Variable(output), Variable(targets))
    }
  }
}
