import AviaryCore
import AviaryRegistry

/// Points around a line, or a plane in more dimensions:
///
/// ```
/// y = x·w + b + σ·ε,  x ~ N(0, I),  ε ~ N(0, 1)
/// ```
///
/// The defaults are those of the course: y = 3·x + 2 + ε, 1000 points.
///
/// Shapes: inputs float32 [count, d], targets float32 [count, 1].
public struct LinearData: DataSource, Registrable {
  public static let name = "linear"
  public static let card = Card(
    "Points around a line, or a plane in more dimensions, with normal noise.",
    formula: "y = x·w + b + σ·ε;  x ~ N(0, I);  ε ~ N(0, 1)", tags: ["regression", "toy"])

  @Field("Slopes w, one per input dimension") var weights = [3.0]
  @Field("Intercept b") var intercept = 2.0
  @Field("Standard deviation σ of the noise", .nonNegative) var noise = 1.0
  @Field("Number of points", .in(1...10_000_000)) var count = 1000
  var own = OwnSeed()

  public init() {}

  /// Points around a plane. Throws `ConfigurationError` for values out of range.
  public init(
    weights: [Double] = [3], intercept: Double = 2, noise: Double = 1, count: Int = 1000, seed: Int? = nil
  ) throws {
    self.weights = weights
    self.intercept = intercept
    self.noise = noise
    self.count = count
    own.seed = seed
    self = try checked()
  }

  public func validate() throws {
    try Check.that((1...1000).contains(weights.count), "weights", "1 to 1000 numbers", found: weights.count)
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try environment.refuseFile(for: Self.name)
    let random = own.source(else: environment.random)
    let x = random["points"].normal([count, weights.count], dtype: .float64)
    let errors = random["noise"].normal([count, 1], dtype: .float64)
    let y = x.matmul(Tensor(weights, shape: [weights.count, 1])) + intercept + errors * noise
    return try DataSet(name: Self.name, inputs: x.cast(to: .float32), targets: y.cast(to: .float32)).validated()
  }
}
