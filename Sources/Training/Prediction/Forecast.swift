import AviaryCore
import AviaryData

/// The values that follow the end of a time series, as a model forecasts them, with naive forecasts beside them.
///
/// ```swift
/// let run = try FinishedRun("runs/sales", in: .standard)
/// let forecast = try run.forecast(file: "sales.csv")
/// print(forecast.names, forecast.values)             // ["sales", "sales-last-value"], float64[12, 2]
/// ```
public struct Forecast: Sendable {
  /// The name of each column.
  public let names: [String]
  /// The values by step, in the units of the data, float64 [horizon, columns]: the model's forecasts, then each naive
  /// forecast.
  public let values: Tensor
  /// The index of the first step, counted from the beginning of the series: the number of known steps.
  public let firstStep: Int
}

extension FinishedRun {
  /// Whether the run forecasts a time series.
  public var makesForecasts: Bool { recipe.data is any ForecastSource }

  /// Forecasts the values after the end of a series.
  ///
  /// - Parameter file: a file with the series; nil for the run's own data.
  /// - Returns: the values by step, with naive forecasts beside them.
  /// - Throws: ``ModelError`` if the run does not forecast a time series; `DataError` if the data cannot be read, or
  ///   has fewer steps than a window.
  public func forecast(file: String? = nil) throws -> Forecast {
    guard let source = recipe.data as? any ForecastSource, let stage = recipe.stages.last else {
      throw ModelError(
        "the run '\(recipe.name)' does not forecast a time series; data sets with windows over one: series, seasonal-series"
      )
    }
    let latest = try recipe.loaded(environment(file: file)) { try source.latest($0) }
    guard let stored = latest.forecast, latest.inputShape == saved.fields.storedInput ?? latest.inputShape else {
      throw DataError(
        latest.name, "its windows are \(latest.inputShape), but the run was trained on \(inputForm.shape)")
    }
    let set = try preprocessing(latest)
    guard let values = try stage.forecasts(model, of: set) else {
      throw ModelError("the model of '\(recipe.name)' predicts no values")
    }
    let columns = stored.columns
    let named = latest.featureNames.map { Array($0.prefix(columns)) }
    let names = named ?? (columns == 1 ? ["forecast"] : (0..<columns).map { "forecast-\($0)" })
    let all = [("", values)] + stored.baselines
    return Forecast(
      names: all.flatMap { name, _ in names.map { name.isEmpty ? $0 : "\($0)-\(name)" } },
      values: Tensor.concatenate(all.map { $0.1[0] }, axis: 1), firstStep: stored.starts[0] + stored.steps)
  }
}
