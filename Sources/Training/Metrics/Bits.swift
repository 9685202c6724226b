import AviaryCore
import AviaryRegistry

/// The mean number of bits that a label takes when it is coded by the predictions: −1/n · Σ log₂ p(tᵢ).
public struct Bits: Metric, Registrable {
  public static let name = "bits"
  public static let card = Card(
    "The bits a label takes when it is coded by the predicted probabilities: of a language model bits per character.",
    formula: "−1/n · Σ log₂ p(tᵢ)")

  public init() {}

  /// The bits of all rows. nil where the predictions are no probabilities of labels.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    guard targets.dtype == .int64, targets.rank == 1, predictions.rank == 2, predictions.shape[1] > 1,
      predictions.shape[0] == targets.shape[0]
    else { return nil }
    let shares = predictions.cast(to: .float64).gatherElements(targets.reshaped(to: [targets.shape[0], 1]), axis: 1)
    // A probability that has underflowed is as small as one can be.
    let bits = shares.maximum(Tensor(repeating: .leastNormalMagnitude, shape: [], dtype: .float64)).log().sum().item()
    return (-bits / 0.6931471805599453, targets.elementCount)
  }
}
