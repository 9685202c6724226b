/// A kind of registered things: its name, and the type of its products.
///
/// The module that declares a protocol declares its kind once:
///
/// ```swift
/// extension Kind where Product == any Optimizer {
///   public static var optimizer: Self { Kind("optimizer") }
/// }
/// ```
///
/// Everybody can then write `registries.make(.optimizer, "adam")`.
public struct Kind<Product>: Sendable {
  /// The singular, for messages: `unknown optimizer 'adamm'`.
  public let name: String
  /// The plural, for headings and `aviary list optimizers`.
  public let plural: String
  /// The range of a product's values, for kinds whose products are changing numbers (schedules); nil if it is unknown,
  /// and for other kinds.
  let range: @Sendable (Product) -> ClosedRange<Double>?

  /// A kind. The plural is the singular with an s unless given; `range` is the range of a product's values, for the
  /// rules of fields that hold one.
  public init(
    _ name: String, plural: String? = nil, range: @escaping @Sendable (Product) -> ClosedRange<Double>? = { _ in nil }
  ) {
    self.name = name
    self.plural = plural ?? name + "s"
    self.range = range
  }
}
