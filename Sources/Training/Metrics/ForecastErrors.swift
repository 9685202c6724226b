import AviaryCore
import AviaryData
import AviaryLayers

/// Errors of forecasts, and of the naive forecasts beside them, in the units of the data.
struct ForecastErrors {
  private var sums: [(name: String, absolute: Double, squared: Double)] = []
  private var count = 0

  /// Adds forecasts [n, horizon, columns] of some windows.
  mutating func add(_ forecasts: Tensor, of windows: ForecastWindows) {
    guard let future = windows.future?.cast(to: .float64) else { return }
    count += future.elementCount
    for (index, (name, values)) in ([("", forecasts)] + windows.baselines).enumerated() {
      if index == sums.count { sums.append((name, 0, 0)) }
      let distance = values - future
      sums[index].absolute += distance.abs().sum().item()
      sums[index].squared += distance.square().sum().item()
    }
  }

  /// The mean absolute error and the root of the mean squared error of each, such as `"mae"` and `"rmse-seasonal"`.
  var values: [String: Double] {
    guard count > 0 else { return [:] }
    var values: [String: Double] = [:]
    for (name, absolute, squared) in sums {
      let suffix = name.isEmpty ? "" : "-\(name)"
      values["mae\(suffix)"] = absolute / Double(count)
      values["rmse\(suffix)"] = (squared / Double(count)).squareRoot()
    }
    return values
  }
}

extension Stage {
  /// The forecasts for a set's windows, [n, horizon, columns] in the units of the data; nil if its rows are not windows
  /// or the objective predicts nothing.
  func forecasts(_ model: Model, of set: DataSet) throws -> Tensor? {
    guard set.forecast != nil else { return nil }
    let part = try part(of: model)
    var pieces: [Tensor] = []
    for batch in BatchLoader(set, batchSize: Stage.measuredAtOnce) {
      guard let windows = batch.forecast, let outputs = try objective.predictions(part, of: batch.inputs) else {
        return nil
      }
      pieces.append(try windows.forecasts(from: outputs))
    }
    return pieces.isEmpty ? nil : Tensor.concatenate(pieces)
  }

  /// Scores as ``measure(_:on:classes:samples:progress:)``, and, of windows over a time series, the errors of forecasts
  /// and of naive forecasts.
  func finalScores(
    _ model: Model, on set: DataSet, classes: Int?, samples: Int? = nil, progress: TrainingProgress = TrainingProgress()
  ) throws -> Measurement {
    var measurement = try measure(model, on: set, classes: classes, samples: samples, progress: progress)
    guard let windows = set.forecast, windows.future != nil, let forecasts = try forecasts(model, of: set) else {
      return measurement
    }
    var errors = ForecastErrors()
    errors.add(forecasts, of: windows)
    measurement.values.merge(errors.values) { $1 }
    return measurement
  }
}
