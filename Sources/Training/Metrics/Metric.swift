import AviaryCore
import AviaryRegistry

/// A measure of how good predictions are: a mean over rows, accumulated batch by batch.
///
/// ```swift
/// var mean = MetricMean()
/// for batch in batches { mean.add(Accuracy().sum(predictions, targets)) }
/// mean.value
/// ```
public protocol Metric: Sendable {
  /// The column name in `metrics.csv`, such as `"accuracy"`.
  var label: String { get }

  /// The sum over the rows of a batch and the number of rows; nil if the metric does not apply to such targets.
  func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)?

  /// The same for sequences with a prediction per step; row i has the next `steps[i]` predictions. Default: each step
  /// counts as a row.
  func sum(_ predictions: Tensor, _ targets: Tensor, steps: [Int]) -> (sum: Double, count: Int)?
}

extension Metric {
  public func sum(_ predictions: Tensor, _ targets: Tensor, steps: [Int]) -> (sum: Double, count: Int)? {
    sum(predictions, targets)
  }
}

extension Kind where Product == any Metric {
  /// The kind of metrics.
  public static var metric: Self { Kind("metric") }
}

extension Registrable where Self: Metric {
  public static var kind: Kind<any Metric> { .metric }
  public func product() -> any Metric { self }
  public var label: String { Self.name }
}

/// A mean accumulated batch by batch.
public struct MetricMean: Sendable, Equatable {
  public var sum = 0.0
  public var count = 0

  public init(sum: Double = 0, count: Int = 0) {
    self.sum = sum
    self.count = count
  }

  /// Adds the sum and count of a batch; nil changes nothing.
  public mutating func add(_ piece: (sum: Double, count: Int)?) {
    guard let piece else { return }
    sum += piece.sum
    count += piece.count
  }

  /// The mean; nil if nothing was counted.
  public var value: Double? { count > 0 ? sum / Double(count) : nil }
}

/// The fraction of rows whose largest prediction is the label; with one output per row, the fraction on the right side
/// of ½.
public struct Accuracy: Metric, Registrable {
  public static let name = "accuracy"
  public static let card = Card(
    "The fraction of rows classified correctly.", formula: "1/n · Σ [argmax pᵢ = tᵢ]")

  public init() {}

  /// The number of correctly classified rows.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    hits(predictions, targets).map { (Double($0), targets.elementCount) }
  }
}

/// The fraction of rows classified incorrectly: 1 − accuracy.
public struct ErrorRate: Metric, Registrable {
  public static let name = "error"
  public static let card = Card(
    "The fraction of rows classified incorrectly.", formula: "1/n · Σ [argmax pᵢ ≠ tᵢ]")

  public init() {}

  /// The number of incorrectly classified rows.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    hits(predictions, targets).map { (Double(targets.elementCount - $0), targets.elementCount) }
  }
}

/// The number of rows whose largest prediction is the label; nil if the predictions are not rows or the targets are not
/// their labels.
private func hits(_ predictions: Tensor, _ targets: Tensor) -> Int? {
  guard let predicted = predictedLabels(predictions), targets.dtype == .int64, targets.shape == predicted.shape else {
    return nil
  }
  return predicted.withScalars(as: Int64.self) { guesses in
    targets.withScalars(as: Int64.self) { truths in zip(guesses, truths).count { $0 == $1 } }
  }
}

/// The predicted label of each row: the largest of several outputs, or whether a single output reaches ½. nil if the
/// predictions are not rows.
package func predictedLabels(_ predictions: Tensor) -> Tensor? {
  guard predictions.rank >= 1, predictions.rank <= 2 else { return nil }
  if predictions.rank == 2, predictions.shape[1] > 1 { return predictions.argmax(axis: 1) }
  return (predictions .>= 0.5).cast(to: .int64).flattened()
}
