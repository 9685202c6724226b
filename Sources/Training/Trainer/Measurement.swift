import AviaryCore
import AviaryData
import AviaryLayers

/// What a model scores on a set: its mean loss, metrics, and for labels the confusion matrix.
public struct Measurement: Sendable, Equatable {
  /// Numbers by name: `"loss"`, `"accuracy"`.
  public var values: [String: Double]
  /// Who was taken for whom; nil where the targets are no labels.
  public var confusion: ConfusionMatrix?
}

extension Stage {
  /// Measures a model on all rows of a set, in inference, some hundred at a time.
  public func measure(_ model: Model, on set: DataSet, classes: Int? = nil) throws -> Measurement {
    var loss = MetricMean()
    var means = metrics.map { _ in MetricMean() }
    var confusion = classes.map { ConfusionMatrix(classes: $0) }
    for batch in BatchLoader(set, batchSize: Stage.measuredAtOnce) {
      let assessment = try objective.assess(model, batch)
      loss.add((assessment.loss * Double(assessment.count), assessment.count))
      guard let predictions = assessment.predictions, let targets = assessment.targets else { continue }
      for (index, metric) in metrics.enumerated() { means[index].add(metric.sum(predictions, targets)) }
      confusion?.add(predictions: predictions, labels: targets)
    }
    var values: [String: Double] = [:]
    values["loss"] = loss.value
    for (metric, mean) in zip(metrics, means) { values[metric.label] = mean.value }
    return Measurement(values: values, confusion: confusion)
  }

  /// Rows that are measured at once: enough to keep the kernels busy, few enough for the cache and the memory.
  private static let measuredAtOnce = 512
}
