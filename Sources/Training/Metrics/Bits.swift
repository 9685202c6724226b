import AviaryCore
import AviaryRegistry

/// The mean number of bits needed to encode a label with the predicted probabilities: −1/n · Σ log₂ p(tᵢ).
public struct Bits: Metric, Registrable {
  public static let name = "bits"
  public static let card = Card(
    "The mean bits to encode a label with the predicted probabilities: for characters, bits per character.",
    formula: "−1/n · Σ log₂ p(tᵢ)")

  public init() {}

  /// The bits of all rows; nil if the predictions are not probabilities of labels.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    guard targets.dtype == .int64, targets.rank == 1, predictions.rank == 2, predictions.shape[1] > 1,
      predictions.shape[0] == targets.shape[0]
    else { return nil }
    let shares = predictions.cast(to: .float64).gatherElements(targets.reshaped(to: [targets.shape[0], 1]), axis: 1)
    // A probability that underflowed to 0 counts as the smallest positive number.
    let bits = shares.maximum(Tensor(repeating: .leastNormalMagnitude, shape: [], dtype: .float64)).log().sum().item()
    return (-bits / 0.6931471805599453, targets.elementCount)
  }
}
