import AviaryCore
import AviaryRegistry

/// Two interleaving half circles, which no line separates:
///
/// ```
/// class 0: (cos πs, sin πs),  class 1: (1 − cos πs, ½ − sin πs),  s from 0 to 1
/// ```
///
/// Shapes: inputs float32 [2·count, 2], the first class's rows before the second's; targets int64 [2·count].
public struct MoonsData: DataSource, Registrable {
  public static let name = "moons"
  public static let card = Card(
    "Two interleaving half circles in the plane.",
    formula: "(cos πs, sin πs) and (1 − cos πs, ½ − sin πs)", tags: ["toy"])

  var fields = PlaneFields()

  public init() {}

  /// Two moons. Throws `ConfigurationError` for values out of range.
  public init(count: Int = 200, noise: Double = 0.1, seed: Int? = nil) throws {
    fields = PlaneFields(count: count, noise: noise, seed: seed)
    self = try checked()
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try fields.set(Self.name, classes: 2, environment) { label, share in
      let (x, y) = Angle.point(share / 2)
      return label == 0 ? (x, y) : (1 - x, 0.5 - y)
    }
  }
}

/// Points on the unit circle.
enum Angle {
  /// The point at a share of the whole turn.
  static func point(_ turn: Double) -> (x: Double, y: Double) {
    let angle = Tensor(2 * Double.pi * turn)
    return (angle.cos().item(), angle.sin().item())
  }
}
