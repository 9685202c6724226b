import AviaryCore
import AviaryData
import AviaryLayers

/// The scores of a model on a set: its mean loss, metrics and, for labels, the confusion matrix.
public struct Measurement: Sendable, Equatable {
  /// Values by name: `"loss"`, `"accuracy"`.
  public var values: [String: Double]
  /// The confusion matrix; nil if the targets are not labels.
  public var confusion: ConfusionMatrix?
}

extension Stage {
  /// Evaluates a model, or the part of it that the stage trains, on all rows of a set in inference, some hundred rows
  /// at a time.
  ///
  /// - Parameters:
  ///   - model: the whole model.
  ///   - set: the rows as the stage sees them, passed through the layers before the one it trains.
  ///   - classes: the number of classes, for the confusion matrix.
  ///   - samples: the number of Monte Carlo draws to average; nil for one pass of plain inference.
  ///   - progress: the progress of the training, for scheduled rates in Monte Carlo inference.
  /// - Returns: means over the rows. With Monte Carlo inference, predictions are averaged over the draws, the loss is
  ///   the mean loss of the draws, and `"variance"` is the variance of a prediction over the draws.
  /// - Throws: what the objective throws.
  public func measure(
    _ model: Model, on set: DataSet, classes: Int? = nil, samples: Int? = nil,
    progress: TrainingProgress = TrainingProgress()
  ) throws -> Measurement {
    let part = try part(of: model)
    var means = measured.map { _ in MetricMean() }
    var variance = MetricMean()
    var confusion = classes.flatMap { $0 <= Stage.mostClassesConfused ? ConfusionMatrix(classes: $0) : nil }
    var memory = ObjectiveState()
    let loader = BatchLoader(
      set, batchSize: objective.carriesState ? settings.batchSize : Stage.measuredAtOnce,
      inTracks: objective.carriesState)
    for (index, batch) in loader.enumerated() {
      let random = RandomSource(seed: 0)["measure"].at(step: index)
      var assessment = try objective.assess(part, batch, Context(.inference, random: random), &memory)
      if let samples {
        let draws = try (0..<samples).map { draw in
          let context = Context(.monteCarlo, random: random["draw \(draw)"], progress: progress)
          return try objective.assess(part, batch, context)
        }
        let mean = Assessment.mean(of: draws)
        assessment = mean.assessment
        variance.add(mean.variance.map { ($0 * Double(batch.count), batch.count) })
      }
      try add(assessment, of: batch, to: &means)
      guard let predictions = assessment.predictions, let targets = assessment.targets else { continue }
      confusion?.add(predictions: predictions, labels: targets)
    }
    var values = named(means)
    values["variance"] = variance.value
    return Measurement(values: values, confusion: confusion.flatMap { $0.total > 0 ? $0 : nil })
  }

  /// Adds a batch to the means of ``measured``. Metrics of forecasts are in the units of the data.
  func add(_ assessment: Assessment, of batch: Batch, to means: inout [MetricMean]) throws {
    func add(_ mean: Double, to place: Int) { means[place].add((mean * Double(assessment.count), assessment.count)) }
    add(assessment.loss, to: 0)
    for (index, name) in objective.measures.enumerated() {
      if let value = assessment.measures[name] { add(value, to: 1 + metrics.count + index) }
    }
    guard !metrics.isEmpty, var predictions = assessment.predictions, var targets = assessment.targets else { return }
    if let windows = batch.forecast, let future = windows.future {
      (predictions, targets) = (try windows.forecasts(from: predictions), future)
    }
    for (index, metric) in metrics.enumerated() {
      let steps = assessment.steps
      means[1 + index].add(
        steps.map { metric.sum(predictions, targets, steps: $0) } ?? metric.sum(predictions, targets))
    }
  }

  /// Means by the names in ``measured``.
  func named(_ means: [MetricMean]) -> [String: Double] {
    var values: [String: Double] = [:]
    for (name, mean) in zip(measured, means) { values[name] = mean.value }
    return values
  }

  /// Rows evaluated at once: enough to keep the kernels busy, few enough for cache and memory.
  static let measuredAtOnce = 512
  /// Above this number of classes there is no confusion matrix: nobody reads it, and its memory grows with the square.
  static let mostClassesConfused = 2048
}

extension Assessment {
  /// The mean over the draws of one batch, and the mean variance of a prediction.
  fileprivate static func mean(of draws: [Assessment]) -> (assessment: Assessment, variance: Double?) {
    let count = Double(draws.count)
    let loss = draws.reduce(0) { $0 + $1.loss } / count
    let measures = draws.reduce(into: [String: Double]()) { sums, draw in
      for (name, value) in draw.measures { sums[name, default: 0] += value / count }
    }
    let predictions = draws.compactMap(\.predictions)
    guard let first = predictions.first else {
      return (Assessment(loss: loss, count: draws[0].count, targets: draws[0].targets, measures: measures), nil)
    }
    let mean = predictions.dropFirst().reduce(first) { $0 + $1 } / count
    let squares = predictions.reduce(Tensor.zeros(first.shape, dtype: first.dtype)) { $0 + ($1 - mean).square() }
    let assessment = Assessment(
      loss: loss, count: draws[0].count, predictions: mean, targets: draws[0].targets, measures: measures)
    return (assessment, (squares / count).mean().item())
  }
}
