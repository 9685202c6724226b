import AviaryCore
import AviaryRegistry

/// Concentric rings, one per class, with radii 1, 2, 3 …: only the distance from the center tells the classes apart.
///
/// Shapes: inputs float32 [classes·count, 2], class by class; targets int64 [classes·count].
public struct RingsData: DataSource, Registrable {
  public static let name = "rings"
  public static let card = Card(
    "Concentric rings in the plane, one per class.", formula: "r·(cos 2πs, sin 2πs), r = 1, 2, …", tags: ["toy"])

  var fields = PlaneFields()
  @Field("Number of rings", .in(2...100)) var classes = 2

  public init() {}

  /// Rings. Throws `ConfigurationError` for values out of range.
  public init(classes: Int = 2, count: Int = 200, noise: Double = 0.1, seed: Int? = nil) throws {
    fields = PlaneFields(count: count, noise: noise, seed: seed)
    self.classes = classes
    self = try checked()
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try fields.set(Self.name, classes: classes, environment) { label, share in
      let (x, y) = Angle.point(share)
      return (Double(label + 1) * x, Double(label + 1) * y)
    }
  }
}
