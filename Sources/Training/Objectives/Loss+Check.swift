import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers

extension Loss {
  /// Throws ``LossError`` if the last layer ends with a function that the loss applies itself, or lacks one that the
  /// loss relies on.
  package func checkActivation(of part: Model) throws {
    guard let function = part.outputActivation else { return }
    switch outputForm {
    case .logits where [Sigmoid.name, HardSigmoid.name, Softmax.name, Sparsemax.name].contains(function):
      throw LossError(
        "the loss expects outputs before a sigmoid or softmax, but the last layer ends with '\(function)'; remove "
          + "it, or use another loss")
    case .logProbabilities where function != LogSoftmax.name:
      throw LossError(
        "the loss expects log-probabilities, but the last layer ends with '\(function)'; end it with "
          + "'\(LogSoftmax.name)', or use the loss '\(SoftmaxCrossEntropy.name)', which expects outputs before softmax")
    case .logits, .logProbabilities, .logRates, .values: return
    }
  }

  /// Throws ``LossError`` if the values of a set do not fit outputs of a shape.
  func checkValues(of set: DataSet, outputs: Shape) throws {
    guard set.targets?.dtype.isFloatingPoint == true else { return }
    for batch in BatchLoader(set, batchSize: Stage.measuredAtOnce) {
      guard let targets = batch.targets else { continue }
      let output = Tensor.zeros(outputs.inserting(batch.count, at: 0), dtype: targets.dtype)
      _ = try self(Variable(output), Variable(targets))
    }
  }
}
