import AviaryCore

/// Examples that are processed together.
public struct Batch: Sendable {
  /// [size, …].
  public var inputs: Tensor
  /// The number of valid steps of each row, if inputs are sequences [size, steps, …] of different lengths; nil if all
  /// rows are equally long.
  public var lengths: [Int]?
  /// Further inputs, by name.
  public var furtherInputs: [String: FurtherInput] = [:]
  /// The windows over a time series that the rows are, if the targets are forecasts.
  public var forecast: ForecastWindows?
  /// Labels [size] or values [size, …].
  public var targets: Tensor?
  /// The examples' row indices in the set.
  public var rows: [Int]

  public init(inputs: Tensor, targets: Tensor?, rows: [Int]) {
    self.inputs = inputs
    self.targets = targets
    self.rows = rows
  }

  /// The number of examples.
  public var count: Int { rows.count }
}
