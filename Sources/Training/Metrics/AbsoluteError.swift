import AviaryCore
import AviaryRegistry

/// The absolute error of predictions, summed over a row's elements: with one output per row, the mean absolute error in
/// the targets' unit.
public struct AbsoluteError: Metric, Registrable {
  public static let name = "absolute-error"
  public static let card = Card(
    "The absolute error of predictions, summed over a row's elements: with one output, the mean absolute error.",
    formula: "1/n · Σᵢ Σₖ |pᵢₖ − tᵢₖ|")

  public init() {}

  /// The sum of the rows' errors; nil if the targets are labels.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    guard let distance = distance(predictions, targets) else { return nil }
    return (distance.abs().sum().item(), targets.shape[0])
  }
}

/// Predictions minus targets, in the targets' shape and dtype; nil if the targets are labels or have another size.
func distance(_ predictions: Tensor, _ targets: Tensor) -> Tensor? {
  guard targets.dtype.isFloatingPoint, targets.rank > 0, predictions.elementCount == targets.elementCount else {
    return nil
  }
  return predictions.cast(to: targets.dtype).reshaped(to: targets.shape) - targets
}
