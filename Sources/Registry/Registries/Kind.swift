/// A kind of registered things: what they are called, and the type of what they make.
///
/// The module that declares a protocol declares its kind, once:
///
///     extension Kind where Product == any Optimizer {
///       public static var optimizer: Self { Kind("optimizer") }
///     }
///
/// so that everybody may write `registries.make(.optimizer, "adam")`.
public struct Kind<Product>: Sendable, Hashable {
  /// The singular, for messages: `unknown optimizer 'adamm'`.
  public let name: String
  /// The plural, for headings and `aviary list optimizers`.
  public let plural: String

  /// Creates a kind. The plural is the singular with an s unless given.
  public init(_ name: String, plural: String? = nil) {
    self.name = name
    self.plural = plural ?? name + "s"
  }
}
