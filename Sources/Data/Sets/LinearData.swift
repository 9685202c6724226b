import AviaryCore
import AviaryRegistry

/// Points about a line, or a plane in more dimensions: y = x·w + b + σ·ε with x ~ N(0, I) and ε ~ N(0, 1).
///
/// The defaults are those of the course: y = 3·x + 2 + ε, 1000 points.
///
/// Shapes: inputs float32 [count, d], targets float32 [count, 1].
public struct LinearData: DataSource, Registrable {
  /// The set's configuration.
  public struct Configuration: ConfigurationFields {
    /// w.
    public var weights = [3.0]
    /// b.
    public var intercept = 2.0
    /// σ.
    public var noise = 1.0
    /// How many points.
    public var count = 1000
    /// For the same points whatever the run's seed.
    public var seed: Int?

    /// A thousand points about y = 3·x + 2.
    public init() {}
  }

  /// `"linear"`.
  public static let name = "linear"
  /// What is worth knowing.
  public static let card = Card(
    "Points about a line, or a plane in more dimensions, with normal noise: something to fit.",
    formula: "y = x·w + b + σ·ε;  x ~ N(0, I);  ε ~ N(0, 1)",
    fields: [
      "weights": "The slopes w, one a dimension of the inputs.",
      "intercept": "The value b at the origin.",
      "noise": "The noise's standard deviation σ, at least 0.",
      "count": "How many points, from 1 to 10000000.",
      "seed": "Draws the same points whatever the run's seed; unless given, they follow the run's.",
    ], tags: ["regression", "toy"])

  let weights: [Double]
  let intercept: Double
  let noise: Double
  let count: Int
  let seed: Int?

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    weights = configuration.weights
    try Check.that((1...1000).contains(weights.count), "weights", "1 to 1000 numbers", found: weights.count)
    intercept = configuration.intercept
    noise = try Check.nonNegative(configuration.noise, "noise")
    count = try Check.value(configuration.count, in: 1...10_000_000, "count")
    seed = try configuration.seed.map { try Check.nonNegative($0, "seed") }
  }

  /// The points.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try environment.refuseFile(for: Self.name)
    let random = seed.map { RandomSource(seed: UInt64($0)) } ?? environment.random
    let x = random["points"].normal([count, weights.count], dtype: .float64)
    let errors = random["noise"].normal([count, 1], dtype: .float64)
    let y = x.matmul(Tensor(weights, shape: [weights.count, 1])) + intercept + errors * noise
    return try DataSet(name: Self.name, inputs: x.cast(to: .float32), targets: y.cast(to: .float32)).validated()
  }
}
