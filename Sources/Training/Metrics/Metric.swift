import AviaryCore
import AviaryRegistry

/// A number that says how good predictions are: a mean over rows, gathered batch by batch.
///
/// ```swift
/// var mean = MetricMean()
/// for batch in batches { mean.add(Accuracy().sum(predictions, targets)) }
/// mean.value
/// ```
public protocol Metric: Sendable {
  /// What the column in `metrics.csv` is called: `"accuracy"`.
  var label: String { get }

  /// The sum over the rows of a batch, and how many rows count. nil where the metric does not apply to such targets.
  func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)?
}

extension Kind where Product == any Metric {
  /// Metrics, by name.
  public static var metric: Self { Kind("metric") }
}

extension Registrable where Self: Metric {
  /// A metric.
  public static var kind: Kind<any Metric> { .metric }
  /// The metric itself.
  public func product() -> any Metric { self }
  /// The registered name.
  public var label: String { Self.name }
}

/// A mean that is gathered in pieces.
public struct MetricMean: Sendable, Equatable {
  /// The sum so far.
  public var sum = 0.0
  /// How many so far.
  public var count = 0

  /// A mean gathered so far; nothing yet unless given.
  public init(sum: Double = 0, count: Int = 0) {
    self.sum = sum
    self.count = count
  }

  /// Takes in a piece; nil changes nothing.
  public mutating func add(_ piece: (sum: Double, count: Int)?) {
    guard let piece else { return }
    sum += piece.sum
    count += piece.count
  }

  /// The mean, or nil where nothing was counted.
  public var value: Double? { count > 0 ? sum / Double(count) : nil }
}

/// The share of rows whose greatest prediction is the label. For one output a row: the share on the right side of ½.
public struct Accuracy: Metric, Registrable {
  public static let name = "accuracy"
  public static let card = Card(
    "The share of rows that are classified rightly.", formula: "1/n · Σ [argmax pᵢ = tᵢ]")

  public init() {}

  /// How many rows are right.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    hits(predictions, targets).map { (Double($0), targets.elementCount) }
  }
}

/// The share of rows that are classified wrongly: 1 − accuracy.
public struct ErrorRate: Metric, Registrable {
  public static let name = "error"
  public static let card = Card(
    "The share of rows that are classified wrongly.", formula: "1/n · Σ [argmax pᵢ ≠ tᵢ]")

  public init() {}

  /// How many rows are wrong.
  public func sum(_ predictions: Tensor, _ targets: Tensor) -> (sum: Double, count: Int)? {
    hits(predictions, targets).map { (Double(targets.elementCount - $0), targets.elementCount) }
  }
}

/// How many rows' greatest prediction is the label; nil where the predictions are no rows, or the targets no labels for them.
private func hits(_ predictions: Tensor, _ targets: Tensor) -> Int? {
  guard let predicted = predictedLabels(predictions), targets.dtype == .int64, targets.shape == predicted.shape else {
    return nil
  }
  return predicted.withScalars(as: Int64.self) { guesses in
    targets.withScalars(as: Int64.self) { truths in zip(guesses, truths).count { $0 == $1 } }
  }
}

/// The label that each row of predictions means: the greatest of several outputs, or whether a single one reaches ½.
/// nil where the predictions are not rows.
package func predictedLabels(_ predictions: Tensor) -> Tensor? {
  guard predictions.rank >= 1, predictions.rank <= 2 else { return nil }
  if predictions.rank == 2, predictions.shape[1] > 1 { return predictions.argmax(axis: 1) }
  return (predictions .>= 0.5).cast(to: .int64).flattened()
}
