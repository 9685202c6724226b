import AviaryAutograd
import AviaryCore
import AviaryLayers

extension Loss {
  /// The mean loss of the best constant output: the targets' means, or logits or log-probabilities equivalent to them
  /// for the loss. nil if targets and outputs do not fit.
  func constantLoss(for targets: Tensor, outputs: Shape) -> Double? {
    // A single output takes labels as numbers, if at all.
    let isLabels = !targets.dtype.isFloatingPoint && targets.rank == 1 && outputs.rank == 1 && outputs[0] > 1
    if isLabels, targets.elementCount > 0, targets.max().item() >= Double(outputs[0]) { return nil }
    let targets = isLabels ? targets : targets.cast(to: .float64)
    let values = isLabels ? targets.oneHot(classes: outputs[0], dtype: .float64) : targets.flattenedRows()
    guard values.shape[1] == outputs.elementCount else { return nil }
    let means = values.mean(axes: [0])
    let shares = means.clamped(to: 1e-12...(1 - 1e-12))
    let answers =
      switch outputForm {
      case .logProbabilities: [shares.log()]
      case .logRates: [means.clamped(to: 1e-12 ... .greatestFiniteMagnitude).log()]
      case .values, .logits: [means, shares.log(), shares.log() - (1 - shares).log()]
      }
    return answers.compactMap { answer in
      let rows = answer.broadcast(to: values.shape).reshaped(to: outputs.inserting(values.shape[0], at: 0))
      let losses = try? self(Variable(rows), Variable(targets))
      return losses.map { $0.value.mean().item() }.flatMap { $0.isFinite ? $0 : nil }
    }.min()
  }
}
