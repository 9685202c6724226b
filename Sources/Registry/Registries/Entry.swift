/// A registered thing as data, for lists, descriptions, the documentation and the tests.
public struct Entry: Sendable {
  /// The kind's name: "optimizer".
  public let kind: String
  public let name: String
  /// Alternative names.
  public let aliases: [String]
  /// Its documentation.
  public let card: Card
  /// The fields of its configuration, in order of declaration.
  public let schema: [SchemaField]
  /// The complete default configuration; required fields hold an example.
  public let defaults: ConfigurationObject
  /// The required fields.
  public var required: [String] { schema.filter(\.isRequired).map(\.name) }

  private let type: any Registrable.Type
  private let product: @Sendable (any Registrable) throws -> Any

  /// An entry for a type, and the conversion of its values to the registries' product.
  init<R: Registrable, Product>(
    _ type: R.Type, as kind: Kind<Product>, _ product: @escaping @Sendable (R) throws -> Product
  ) throws(RegistrationError) {
    self.kind = kind.name
    name = R.name
    aliases = R.aliases
    card = R.card
    let standard = R()
    schema = standard.schema
    do {
      defaults = try standard.configuration(isComplete: true)
    } catch {
      throw .unusableDefaults(kind: kind.name, name: R.name, reason: "\(error)")
    }
    self.type = type
    self.product = { value in
      guard let value = value as? R else { trap("'\(R.name)' was made as a different type") }
      return try product(value)
    }
  }

  /// Makes the value described by a configuration.
  ///
  /// - Throws: `ConfigurationError` for an invalid configuration.
  func value(_ configuration: ConfigurationObject, in registries: Registries) throws -> any Registrable {
    try type.init(configuration, in: registries)
  }

  /// Makes the product described by a configuration.
  func make(_ configuration: ConfigurationObject, in registries: Registries) throws -> Any {
    try product(value(configuration, in: registries))
  }
}

extension Entry: CustomStringConvertible {
  /// `optimizer adam`.
  public var description: String { "\(kind) \(name)" }
}
