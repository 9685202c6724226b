import AviaryCore
import AviaryRegistry

/// The fraction of sequences in which every step is predicted correctly: 1/n · Σᵢ [argmax pᵢₜ = tᵢₜ for all t].
public struct ExactMatch: Metric, Registrable {
  public static let name = "exact-match"
  public static let card = Card(
    "The fraction of sequences in which every step is predicted correctly.",
    formula: "1/n · Σᵢ [argmax pᵢₜ = tᵢₜ for all t]")

  public init() {}

  /// nil, because it is not known which predictions belong to a row.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? { nil }

  /// The number of rows without an error.
  public func sum(_ predictions: Tensor, _ targets: Tensor, steps: [Int]) -> (sum: Double, count: Int)? {
    guard let predicted = predictedLabels(predictions), targets.dtype == .int64, targets.shape == predicted.shape else {
      return nil
    }
    let isRight = (predicted .== targets).scalars(as: Int.self)
    var (start, count) = (0, 0)
    for length in steps {
      if isRight[start..<(start + length)].allSatisfy({ $0 == 1 }) { count += 1 }
      start += length
    }
    return (Double(count), steps.count)
  }
}
