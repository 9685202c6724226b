import AviaryCore
import AviaryRegistry

/// Points of two normal distributions that share a covariance: x = μₖ + L·z, z ~ N(0, I), Σ = L·Lᵀ.
///
/// The defaults are two overlapping clouds in the plane, means (−4, −4) and (4, 4), covariance 20·I, 100 points each:
/// x + y > 0 classifies about 90 % of them, and nothing does better.
///
/// Shapes: inputs float32 [2·count, d], the first class's rows before the second's; targets int64 [2·count].
public struct TwoClassData: DataSource, Registrable {
  /// The set's configuration.
  public struct Configuration: ConfigurationFields {
    /// μ₀ and μ₁.
    public var means = [[-4.0, -4.0], [4.0, 4.0]]
    /// Σ, row by row.
    public var covariance = [[20.0, 0.0], [0.0, 20.0]]
    /// Points a class.
    public var count = 100
    /// For the same points whatever the run's seed.
    public var seed: Int?

    /// Two clouds of 100 points in the plane.
    public init() {}
  }

  /// `"two-class"`.
  public static let name = "two-class"
  /// What is worth knowing.
  public static let card = Card(
    "Two clouds of normally distributed points, by default in the plane, that overlap a little.",
    formula: "x = μₖ + L·z;  z ~ N(0, I);  Σ = L·Lᵀ",
    fields: [
      "means": "The two centres μ₀ and μ₁, a list of coordinates each.",
      "covariance": "The matrix Σ of both clouds, row by row: symmetric and positive definite.",
      "count": "Points in each cloud, from 1 to 10000000.",
      "seed": "Draws the same points whatever the run's seed; unless given, they follow the run's.",
    ], tags: ["gaussian", "toy"])

  let means: [[Double]]
  let factor: [[Double]]
  let count: Int
  let seed: Int?

  /// Checks the configuration and factors the covariance.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    means = try Check.count(configuration.means, is: 2, "means")
    let size = means[0].count
    try Check.that(
      size > 0 && size <= 1000 && means[1].count == size, "means", "two lists of equal length", found: means)
    let rows = configuration.covariance
    try Check.that(
      rows.count == size && rows.allSatisfy { $0.count == size }, "covariance", "a matrix of \(size) rows and columns",
      found: rows)
    guard let factor = Self.choleskyFactor(of: rows) else {
      throw ConfigurationError(
        .invalid("the matrix has to be symmetric and positive definite to be a covariance"), at: "covariance")
    }
    self.factor = factor
    count = try Check.value(configuration.count, in: 1...10_000_000, "count")
    seed = try configuration.seed.map { try Check.nonNegative($0, "seed") }
  }

  /// The points.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try environment.refuseFile(for: Self.name)
    let random = seed.map { RandomSource(seed: UInt64($0)) } ?? environment.random
    let size = means[0].count
    let lower = Tensor(factor.flatMap { $0 }, shape: [size, size])
    let clouds = (0..<2).map { label in
      let noise = random["points"][label].normal([count, size], dtype: .float64)
      return noise.matmul(lower, transposingRight: true) + Tensor(means[label], shape: [size])
    }
    let labels = [Int](repeating: 0, count: count) + [Int](repeating: 1, count: count)
    return try DataSet(
      name: Self.name, inputs: Tensor.concatenate(clouds).cast(to: .float32),
      targets: Tensor(labels, shape: [labels.count])
    ).validated()
  }

  /// The lower triangular L with L·Lᵀ = Σ (Cholesky), or nil where Σ is not symmetric and positive definite.
  private static func choleskyFactor(of matrix: [[Double]]) -> [[Double]]? {
    let size = matrix.count
    var factor = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for row in 0..<size {
      for column in 0...row {
        guard matrix[row][column] == matrix[column][row] else { return nil }
        var rest = matrix[row][column]
        for k in 0..<column { rest -= factor[row][k] * factor[column][k] }
        if row == column {
          guard rest > 0, rest.isFinite else { return nil }
          factor[row][row] = rest.squareRoot()
        } else {
          factor[row][column] = rest / factor[column][column]
        }
      }
    }
    return factor
  }
}
