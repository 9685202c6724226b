import AviaryCore
import AviaryRegistry

/// The distance of predictions and targets, summed over a row's elements: for one output a row the mean absolute error, in
/// the targets' unit.
public struct AbsoluteError: Metric, Registrable {
  public static let name = "absolute-error"
  public static let card = Card(
    "The distance of predictions and targets, summed over a row's elements: the mean absolute error of one output.",
    formula: "1/n · Σᵢ Σₖ |pᵢₖ − tᵢₖ|")

  public init() {}

  /// The sum of all rows' errors; nil where the targets are labels.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    guard let distance = distance(predictions, targets) else { return nil }
    return (distance.abs().sum().item(), targets.shape[0])
  }
}

/// Predictions less targets, of the targets' shape and dtype; nil where the targets are labels, or of another size.
func distance(_ predictions: Tensor, _ targets: Tensor) -> Tensor? {
  guard targets.dtype.isFloatingPoint, targets.rank > 0, predictions.elementCount == targets.elementCount else {
    return nil
  }
  return predictions.cast(to: targets.dtype).reshaped(to: targets.shape) - targets
}
