import AviaryCore
import AviaryRegistry

/// Points from two normal distributions with a common covariance:
///
/// ```
/// x = μₖ + L·z,  z ~ N(0, I),  Σ = L·Lᵀ
/// ```
///
/// The defaults are two overlapping clouds in the plane, with means (−4, −4) and (4, 4), covariance 20·I, and 100
/// points each: x + y > 0 classifies about 90 % of them, which is the optimum.
///
/// Shapes: inputs float32 [2·count, d], the first class's rows before the second's; targets int64 [2·count].
public struct TwoClassData: DataSource, Registrable {
  public static let name = "two-class"
  public static let card = Card(
    "Two slightly overlapping clouds of normally distributed points, by default in the plane.",
    formula: "x = μₖ + L·z;  z ~ N(0, I);  Σ = L·Lᵀ", tags: ["gaussian", "toy"])

  @Field("The means μ₀ and μ₁, each a list of coordinates") var means = [[-4.0, -4.0], [4.0, 4.0]]
  @Field("Covariance Σ of both clouds, row by row: symmetric and positive definite") var covariance = [
    [20.0, 0.0], [0.0, 20.0],
  ]
  @Field("Points per cloud", .in(1...10_000_000)) var count = 100
  var own = OwnSeed()

  public init() {}

  /// Two clouds of points. Throws `ConfigurationError` for values out of range.
  public init(
    means: [[Double]] = [[-4, -4], [4, 4]], covariance: [[Double]] = [[20, 0], [0, 20]], count: Int = 100,
    seed: Int? = nil
  ) throws {
    self.means = means
    self.covariance = covariance
    self.count = count
    own.seed = seed
    self = try checked()
  }

  public func validate() throws {
    try Check.count(means, is: 2, "means")
    let size = means[0].count
    try Check.that(
      size > 0 && size <= 1000 && means[1].count == size, "means", "two lists of equal length", found: means)
    try Check.that(
      covariance.count == size && covariance.allSatisfy { $0.count == size }, "covariance",
      "a matrix of \(size) rows and columns", found: covariance)
    _ = try choleskyFactor()
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try environment.refuseFile(for: Self.name)
    let random = own.source(else: environment.random)
    let size = means[0].count
    let lower = Tensor(try choleskyFactor().flatMap { $0 }, shape: [size, size])
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

  /// The lower triangular L with L·Lᵀ = Σ (Cholesky). Throws if Σ is not symmetric and positive definite.
  private func choleskyFactor() throws -> [[Double]] {
    let size = covariance.count
    let indefinite = ConfigurationError(
      .invalid("a covariance must be symmetric and positive definite"), at: "covariance")
    var factor = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    let matrix = covariance
    for row in 0..<size {
      for column in 0...row {
        guard matrix[row][column] == matrix[column][row] else { throw indefinite }
        var rest = matrix[row][column]
        for k in 0..<column { rest -= factor[row][k] * factor[column][k] }
        if row == column {
          guard rest > 0, rest.isFinite else { throw indefinite }
          factor[row][row] = rest.squareRoot()
        } else {
          factor[row][column] = rest / factor[column][column]
        }
      }
    }
    return factor
  }
}
