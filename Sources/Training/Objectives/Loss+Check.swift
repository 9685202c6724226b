import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers

extension Loss {
  /// Throws ``LossError`` where the outputs have gone through the function that the loss applies to them itself.
  func checkActivation(of part: Model) throws {
    guard self is SoftmaxCrossEntropy || self is SigmoidCrossEntropy, let function = part.outputProbabilities else {
      return
    }
    throw LossError(
      "the loss takes outputs as they are before a sigmoid or softmax, and the last layer ends with '\(function)'; leave "
        + "that out, or take another loss")
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
