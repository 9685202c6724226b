import AviaryCore

/// Windows over a time series: the values before and after the moment of a forecast, in the units of the data.
///
/// The transforms of a run see a window as one sequence: what follows the known steps is transformed like them, and
/// a model's outputs are turned back by the inverses, with the known steps as their past.
///
/// ```swift
/// let forecasts = try windows.forecasts(from: model(inputs))      // [n, horizon, columns], in the units of the data
/// let naive = windows.lastValues                                  // the forecasts to compare with
/// ```
public struct ForecastWindows: Sendable {
  /// The known steps, as stored: [n, steps, channels]. The first channels are those to forecast.
  public internal(set) var history: Tensor
  /// The values to forecast, as stored: [n, horizon, columns]; nil if they are not known yet.
  public internal(set) var future: Tensor?
  /// The first step of each window in the series, from 0.
  public internal(set) var starts: [Int]
  /// The number of steps to forecast.
  public let horizon: Int
  /// The number of channels to forecast.
  public let columns: Int
  /// The steps of a season, for naive seasonal forecasts; nil without a season.
  public let period: Int?
  /// The transforms that the model's inputs went through.
  var preprocessing: Preprocessing?

  /// Windows of stored values.
  package init(
    history: Tensor, future: Tensor? = nil, starts: [Int], horizon: Int, columns: Int, period: Int? = nil,
    preprocessing: Preprocessing? = nil
  ) {
    (self.history, self.future, self.starts) = (history, future, starts)
    (self.horizon, self.columns, self.period, self.preprocessing) = (horizon, columns, period, preprocessing)
  }

  /// The number of known steps.
  public var steps: Int { history.shape[1] }

  /// A model's outputs [n, horizon] or [n, horizon, columns] as forecasts [n, horizon, columns] in the units of the
  /// data, float64.
  ///
  /// Throws ``DataError`` if a transform has no inverse, or the outputs have another shape.
  public func forecasts(from outputs: Tensor) throws -> Tensor {
    let shape: Shape = [history.shape[0], horizon, columns]
    guard outputs.elementCount == shape.elementCount else {
      throw DataError("forecasts", "the model's outputs are \(outputs.shape), but the forecasts are \(shape)")
    }
    let values = outputs.cast(to: .float64).reshaped(to: shape)
    guard let preprocessing, !preprocessing.transforms.isEmpty else { return values }
    let others = history.shape[2] - columns
    let all =
      others == 0
      ? values : Tensor.concatenate([values, Tensor.zeros([shape[0], horizon, others], dtype: .float64)], axis: 2)
    guard let forecasts = try preprocessing.inverse(all, after: history) else {
      throw DataError(
        "transforms", "a transform has no inverse, so forecasts have no units of the data; use another transform")
    }
    return forecasts.slice(axis: 2, 0..<columns).contiguous()
  }

  /// The naive forecasts: the last known value.
  public var lastValues: Tensor {
    known(last: 1).broadcast(to: [history.shape[0], horizon, columns]).contiguous()
  }

  /// The naive seasonal forecasts: the value one season before, or as many seasons before as it takes to know it. nil
  /// without a season.
  public var seasonalValues: Tensor? {
    guard let period, period <= steps else { return nil }
    let positions = Tensor((0..<horizon).map { $0 % period }, shape: [horizon])
    return known(last: period).gather(positions, axis: 1)
  }

  /// The naive forecasts by name.
  public var baselines: [(name: String, values: Tensor)] {
    [("last-value", lastValues)] + (seasonalValues.map { [("seasonal", $0)] } ?? [])
  }

  private func known(last count: Int) -> Tensor {
    history.cast(to: .float64).slice(axis: 1, (steps - count)..<steps).slice(axis: 2, 0..<columns)
  }

  /// The windows of some rows.
  func with(_ rows: [Int], _ taken: (Tensor) -> Tensor) -> ForecastWindows {
    var windows = self
    (windows.history, windows.future) = (taken(history), future.map(taken))
    windows.starts = rows.map { starts[$0] }
    return windows
  }

  /// The rows of several sets, one after another.
  package static func joined(_ all: [ForecastWindows]) -> ForecastWindows {
    var windows = all[0]
    windows.history = Tensor.concatenate(all.map(\.history))
    windows.future = windows.future.map { _ in Tensor.concatenate(all.compactMap(\.future)) }
    windows.starts = all.flatMap(\.starts)
    return windows
  }
}

extension ForecastWindows {
  /// Inputs and targets for a model.
  ///
  /// Throws ``DataError`` if the transforms do not keep the steps apart.
  func transformed(by preprocessing: Preprocessing) throws -> (inputs: Tensor, targets: Tensor?) {
    let inputs = try preprocessing(history)
    guard inputs.rank == 3, inputs.shape[2] == history.shape[2] else {
      throw DataError(
        "transforms",
        "the transforms turn windows [steps, channels] into \(inputs.shape.removing(axis: 0)), which is no longer a "
          + "series; leave out transforms that change the shape, such as 'flatten'")
    }
    guard let future else { return (inputs, nil) }
    // Channels that are not forecast keep their last value; what becomes of them is not used.
    let others = history.slice(axis: 1, (steps - 1)..<steps).slice(axis: 2, columns..<history.shape[2])
      .broadcast(to: [history.shape[0], horizon, history.shape[2] - columns])
    let after = others.elementCount == 0 ? future : Tensor.concatenate([future, others], axis: 2)
    let whole: Tensor
    do { whole = try preprocessing(Tensor.concatenate([history, after], axis: 1)) } catch let error as DataError {
      guard error.problem.contains("fitted to inputs of another shape") else { throw error }
      throw DataError(
        error.source, "it is fitted to each step, but forecasts have other steps; set per to \"channel\"")
    }
    let count = whole.shape[1]
    let values = whole.slice(axis: 1, (count - horizon)..<count).slice(axis: 2, 0..<columns).contiguous()
    return (inputs, columns == 1 ? values.reshaped(to: [values.shape[0], horizon]) : values)
  }
}
