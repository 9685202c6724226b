import AviaryCore
import AviaryRegistry

/// The squared distance of predictions and targets, summed over a row's elements: the squared error of an image's
/// reconstruction, in pixels of [0, 1].
public struct SquaredError: Metric, Registrable {
  public static let name = "squared-error"
  public static let card = Card(
    "The squared distance of predictions and targets, summed over a row's elements.",
    formula: "1/n · Σᵢ Σₖ (pᵢₖ − tᵢₖ)²")

  public init() {}

  /// The sum of all rows' errors; nil where the targets are labels.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    guard let distance = distance(predictions, targets) else { return nil }
    return (distance.square().sum().item(), targets.shape[0])
  }
}
