import AviaryCore
import AviaryRegistry

/// How windows are cut out of a time series.
struct SeriesWindows: FieldGroup {
  @Field("Known steps of a window", .in(1...100_000)) var steps = 24
  @Field("Number of steps to forecast", .in(1...10_000)) var horizon = 1
  @Field("Steps from the beginning of a window to that of the next", .positive) var stride = 1
  @Field("Steps of a season, such as 12 for monthly values; null for no season", .positive) var period: Int?

  init() {}

  init(_ steps: Int, _ horizon: Int, _ stride: Int, _ period: Int?) {
    (self.steps, self.horizon, self.stride, self.period) = (steps, horizon, stride, period)
  }

  func validate() throws {
    guard let period else { return }
    try Check.that(period <= steps, "period", "at most the \(steps) known steps of a window", found: period)
  }

  /// All windows of a series. Throws ``DataError`` if it is too short for one.
  func load(_ series: Series) throws -> DataSet {
    let count = series.values.shape[0]
    guard count >= steps + horizon else {
      throw DataError(
        series.name,
        "the series has \(count) steps, but a window takes \(steps) and \(horizon) to forecast; add earlier values, or "
          + "set data.steps to a smaller number")
    }
    let starts = Array(Swift.stride(from: 0, through: count - steps - horizon, by: stride))
    let history = pieces(of: series.values, starts, 0..<steps)
    let future = pieces(of: series.values, starts, steps..<(steps + horizon))
      .slice(axis: 2, 0..<series.columns).contiguous()
    let targets = series.columns == 1 ? future.reshaped(to: [starts.count, horizon]) : future
    var set = set(series, history, targets: targets)
    set.forecast = ForecastWindows(
      history: history, future: future, starts: starts, horizon: horizon, columns: series.columns, period: period)
    set.notes.append(
      "\(count) steps in \(starts.count) windows of \(steps) known steps and \(horizon) to forecast")
    return try set.validated()
  }

  /// The last window, whose future is not known. Throws ``DataError`` if the series is too short.
  func latest(_ series: Series) throws -> DataSet {
    let count = series.values.shape[0]
    guard count >= steps else {
      throw DataError(
        series.name, "the series has \(count) steps, but the model takes the last \(steps); add earlier values")
    }
    let history = pieces(of: series.values, [count - steps], 0..<steps)
    var set = set(series, history, targets: nil)
    set.forecast = ForecastWindows(
      history: history, starts: [count - steps], horizon: horizon, columns: series.columns, period: period)
    return try set.validated()
  }

  private func set(_ series: Series, _ history: Tensor, targets: Tensor?) -> DataSet {
    var set = DataSet(name: series.name, inputs: history, targets: targets)
    set.featureNames = series.names
    set.targetName = series.columns == 1 ? series.names?.first : nil
    set.notes = series.notes
    return set
  }

  /// The same steps of all windows: [windows, steps, channels].
  private func pieces(of values: Tensor, _ starts: [Int], _ steps: Range<Int>) -> Tensor {
    let positions = starts.flatMap { start in steps.map { start + $0 } }
    return values.gather(Tensor(positions, shape: [positions.count]))
      .reshaped(to: [starts.count, steps.count, values.shape[1]])
  }
}
