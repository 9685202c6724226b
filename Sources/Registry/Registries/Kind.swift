/// A kind of registered things: what they are called, and the type of what they make.
///
/// The module that declares a protocol declares its kind, once:
///
///     extension Kind where Product == any Optimizer {
///       public static var optimizer: Self { Kind("optimizer") }
///     }
///
/// so that everybody may write `registries.make(.optimizer, "adam")`.
public struct Kind<Product>: Sendable {
  /// The singular, for messages: `unknown optimizer 'adamm'`.
  public let name: String
  /// The plural, for headings and `aviary list optimizers`.
  public let plural: String
  /// The values that a product takes in the course of time, for kinds whose products are numbers that change (schedules);
  /// nil where they are not known, and for other kinds.
  let range: @Sendable (Product) -> ClosedRange<Double>?

  /// A kind. The plural is the singular with an s unless given; `range` tells what numbers a product takes, for the rules
  /// of fields that hold one.
  public init(
    _ name: String, plural: String? = nil, range: @escaping @Sendable (Product) -> ClosedRange<Double>? = { _ in nil }
  ) {
    self.name = name
    self.plural = plural ?? name + "s"
    self.range = range
  }
}
