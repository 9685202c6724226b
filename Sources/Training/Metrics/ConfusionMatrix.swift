import AviaryCore

/// How often each class was predicted as which: rows are true classes, columns predicted classes.
///
/// ```swift
/// var matrix = ConfusionMatrix(classes: 5)
/// for batch in batches { matrix.add(predictions: model(batch.inputs), labels: batch.targets!) }
/// matrix.recall(of: 2)
/// ```
public struct ConfusionMatrix: Sendable, Equatable {
  public let classes: Int
  /// `counts[true][predicted]`.
  public private(set) var counts: [[Int]]

  public init(classes: Int) {
    self.classes = classes
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// Counts the rows of a batch: predictions [n, classes] (or [n], [n, 1] for two classes) and int64 labels [n]. Skips
  /// rows whose label or prediction is not one of the classes.
  public mutating func add(predictions: Tensor, labels: Tensor) {
    guard let predicted = predictedLabels(predictions)?.scalars(as: Int.self), labels.dtype == .int64 else { return }
    let known = 0..<classes
    for (truth, guess) in zip(labels.scalars(as: Int.self), predicted) {
      if known.contains(truth), known.contains(guess) { counts[truth][guess] += 1 }
    }
  }

  /// The number of rows counted.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The fraction of rows on the diagonal; nil for an empty matrix.
  public var accuracy: Double? {
    ratio((0..<classes).reduce(0) { $0 + counts[$1][$1] }, total)
  }

  /// Precision: the fraction of rows predicted as the class that belong to it; nil if there are none.
  public func precision(of label: Int) -> Double? {
    ratio(counts[label][label], counts.reduce(0) { $0 + $1[label] })
  }

  /// Recall: the fraction of the class's rows that are predicted as it; nil if there are none.
  public func recall(of label: Int) -> Double? { ratio(counts[label][label], counts[label].reduce(0, +)) }

  /// The harmonic mean of precision and recall, 2·tp / (2·tp + fp + fn); nil if the class neither occurs nor is
  /// predicted.
  public func f1(of label: Int) -> Double? {
    let hits = counts[label][label]
    let others = counts[label].reduce(0, +) + counts.reduce(0) { $0 + $1[label] }
    return ratio(2 * hits, others)
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
}
