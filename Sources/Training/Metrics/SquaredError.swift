import AviaryCore
import AviaryRegistry

/// The squared error of predictions, summed over a row's elements: for reconstructed images, the squared error with
/// pixels in [0, 1].
public struct SquaredError: Metric, Registrable {
  public static let name = "squared-error"
  public static let card = Card(
    "The squared error of predictions, summed over a row's elements.",
    formula: "1/n · Σᵢ Σₖ (pᵢₖ − tᵢₖ)²")

  public init() {}

  /// The sum of the rows' errors; nil if the targets are labels.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    guard let distance = distance(predictions, targets) else { return nil }
    return (distance.square().sum().item(), targets.shape[0])
  }
}
