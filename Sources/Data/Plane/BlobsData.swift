import AviaryCore
import AviaryRegistry

/// Round clouds of normally distributed points, one per class, around centers drawn evenly from a square.
///
/// Shapes: inputs float32 [classes·count, 2], class by class; targets int64 [classes·count].
public struct BlobsData: DataSource, Registrable {
  public static let name = "blobs"
  public static let card = Card(
    "Round clouds of points in the plane, one per class.", formula: "x ~ N(μₖ, σ²·I), μₖ ~ U[−10, 10]²",
    tags: ["gaussian", "toy"])

  @Field("Number of clouds", .in(2...1000)) var classes = 3
  var fields = PlaneFields(count: 200, noise: 1, seed: nil)

  public init() {}

  /// Clouds. Throws `ConfigurationError` for values out of range.
  public init(classes: Int = 3, count: Int = 200, noise: Double = 1, seed: Int? = nil) throws {
    self.classes = classes
    fields = PlaneFields(count: count, noise: noise, seed: seed)
    self = try checked()
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    let random = fields.own.source(else: environment.random)
    let centers = random["centers"].uniform([classes, 2], in: -10..<10, dtype: .float64).scalars(as: Double.self)
    return try fields.set(Self.name, classes: classes, environment) { label, _ in
      (centers[2 * label], centers[2 * label + 1])
    }
  }
}
