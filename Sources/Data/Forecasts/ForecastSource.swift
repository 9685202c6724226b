import AviaryCore

/// A source of windows over a time series, whose future can be forecast.
public protocol ForecastSource: DataSource {
  /// The last window of the series: one row, whose values to forecast are not known yet. Throws ``DataError`` if that
  /// fails.
  func latest(_ environment: DataEnvironment) throws -> DataSet
}

/// A time series of several channels.
struct Series {
  var name: String
  /// [steps, channels]; the first channels are those to forecast.
  var values: Tensor
  /// The number of channels to forecast.
  var columns: Int
  /// The names of the channels; nil if they have none.
  var names: [String]?
  /// Notes for the user.
  var notes: [String] = []
}
