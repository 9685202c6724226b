import AviaryCore

/// How often each class was taken for which: rows are the true classes, columns the predicted ones.
///
/// ```swift
/// var matrix = ConfusionMatrix(classes: 5)
/// for batch in batches { matrix.add(predictions: model(batch.inputs), labels: batch.targets!) }
/// matrix.recall(of: 2)
/// ```
public struct ConfusionMatrix: Sendable, Equatable {
  /// How many classes.
  public let classes: Int
  /// counts[true][predicted].
  public private(set) var counts: [[Int]]

  /// An empty matrix.
  public init(classes: Int) {
    self.classes = classes
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// Counts the rows of a batch: predictions [n, classes] (or [n], [n, 1] for two classes) and int64 labels [n]. Rows
  /// whose label or prediction is not one of the classes are left out.
  public mutating func add(predictions: Tensor, labels: Tensor) {
    guard let predicted = predictedLabels(predictions)?.scalars(as: Int.self), labels.dtype == .int64 else { return }
    let known = 0..<classes
    for (truth, guess) in zip(labels.scalars(as: Int.self), predicted) {
      if known.contains(truth), known.contains(guess) { counts[truth][guess] += 1 }
    }
  }

  /// All rows counted.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The share on the diagonal; nil where nothing was counted.
  public var accuracy: Double? {
    ratio((0..<classes).reduce(0) { $0 + counts[$1][$1] }, total)
  }

  /// Of the rows taken for the class, the share that are of it; nil where there are none.
  public func precision(of label: Int) -> Double? {
    ratio(counts[label][label], counts.reduce(0) { $0 + $1[label] })
  }

  /// Of the rows of the class, the share that was found; nil where there are none.
  public func recall(of label: Int) -> Double? { ratio(counts[label][label], counts[label].reduce(0, +)) }

  /// The harmonic mean of precision and recall, 2·tp / (2·tp + fp + fn); nil where the class neither occurs nor is predicted.
  public func f1(of label: Int) -> Double? {
    let hits = counts[label][label]
    let others = counts[label].reduce(0, +) + counts.reduce(0) { $0 + $1[label] }
    return ratio(2 * hits, others)
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
}
