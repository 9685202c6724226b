import AviaryCore
import AviaryRegistry

/// Spirals that wind around each other, one per class, with equal angles between them:
///
/// ```
/// s·(cos φ, sin φ),  φ = 2π·(turns·s + class/classes),  s from 0 to 1
/// ```
///
/// Shapes: inputs float32 [classes·count, 2], class by class; targets int64 [classes·count]. (Lang, Witbrock: Learning to tell two
/// spirals apart, 1988.)
public struct SpiralsData: DataSource, Registrable {
  public static let name = "spirals"
  public static let card = Card(
    "Spirals in the plane that wind around each other, one per class.",
    formula: "s·(cos φ, sin φ), φ = 2π·(turns·s + class/classes)",
    references: ["Lang, Witbrock: Learning to tell two spirals apart (1988)"], tags: ["toy"])

  @Field("Number of spirals", .in(2...100)) var classes = 2
  @Field("Turns of a spiral", .positive) var turns = 1.5
  var fields = PlaneFields(count: 200, noise: 0.02, seed: nil)

  public init() {}

  /// Spirals. Throws `ConfigurationError` for values out of range.
  public init(classes: Int = 2, turns: Double = 1.5, count: Int = 200, noise: Double = 0.02, seed: Int? = nil) throws {
    self.classes = classes
    self.turns = turns
    fields = PlaneFields(count: count, noise: noise, seed: seed)
    self = try checked()
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try fields.set(Self.name, classes: classes, environment) { label, share in
      let (x, y) = Angle.point(turns * share + Double(label) / Double(classes))
      return (share * x, share * y)
    }
  }
}
