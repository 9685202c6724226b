import AviaryCore
import AviaryRegistry

/// Windows over a computed time series that grows, has seasons, and is disturbed in proportion to its size, like
/// monthly sales:
///
/// ```
/// log xₜ = log 100 + g·t + 0.2·sin(2π·t/p) + 0.1·sin(4π·t/p + 1) + eₜ,  eₜ = 0.8·eₜ₋₁ + σ·εₜ,  ε ~ N(0, 1)
/// ```
///
/// Shapes: inputs float64 [windows, steps, 1], targets float64 [windows, horizon].
public struct SeasonalSeriesData: ForecastSource, Registrable {
  public static let name = "seasonal-series"
  public static let card = Card(
    "Windows over a computed time series that grows and has seasons, to forecast the values that follow.",
    formula: "log xₜ = log 100 + g·t + 0.2·sin(2π·t/p) + 0.1·sin(4π·t/p + 1) + eₜ;  eₜ = 0.8·eₜ₋₁ + σ·εₜ",
    tags: ["sequence", "regression", "toy"])

  @Field("Steps of the series", .in(2...10_000_000)) var count = 480
  @Field("Growth g of the logarithm per step") var growth = 0.005
  @Field("Standard deviation σ of the disturbance", .nonNegative) var noise = 0.03
  var windows = SeriesWindows(36, 12, 1, 12)
  var own = OwnSeed()

  public init() {}

  /// A series with seasons of `period` steps. Traps on values out of range.
  public init(
    count: Int = 480, growth: Double = 0.005, noise: Double = 0.03, steps: Int = 36, horizon: Int = 12,
    stride: Int = 1, period: Int = 12, seed: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.count = count
    self.growth = growth
    self.noise = noise
    windows = SeriesWindows(steps, horizon, stride, period)
    own.seed = seed
    self = required(file: file, line: line)
  }

  public func validate() throws {
    try Check.that(abs(growth) * Double(count) < 500, "growth", "growth below 500 over all steps", found: growth)
  }

  /// All windows.
  public func load(_ environment: DataEnvironment) throws -> DataSet { try windows.load(series(environment)) }

  /// The last window.
  public func latest(_ environment: DataEnvironment) throws -> DataSet { try windows.latest(series(environment)) }

  private func series(_ environment: DataEnvironment) throws -> Series {
    try environment.refuseFile(for: Self.name)
    let random = own.source(else: environment.random)
    let shocks = random["noise"].normal([count], dtype: .float64).scalars(as: Double.self)
    var (errors, error): ([Double], Double) = ([], 0)
    for shock in shocks {
      error = 0.8 * error + noise * shock
      errors.append(error)
    }
    let times = Tensor((0..<count).map(Double.init), shape: [count])
    let angles = times * (2 * Double.pi / Double(windows.period ?? 12))
    let logs = times * growth + angles.sin() * 0.2 + (angles * 2 + 1).sin() * 0.1 + Tensor(errors, shape: [count])
    return Series(name: Self.name, values: (logs.exp() * 100).reshaped(to: [count, 1]), columns: 1, names: ["value"])
  }
}
