/// One registered thing as data: for lists, descriptions, the documentation and the tests.
public struct Entry: Sendable {
  /// The kind's name: "optimizer".
  public let kind: String
  /// The name.
  public let name: String
  /// Other names that mean the same.
  public let aliases: [String]
  /// What is worth knowing about it.
  public let card: Card
  /// The fields of its configuration, in order of declaration.
  public let schema: [SchemaField]
  /// The default configuration; required fields hold an example.
  public let defaults: ConfigurationObject
  /// The fields that have to be given.
  public let required: [String]

  private let complete: @Sendable (ConfigurationObject) throws(ConfigurationError) -> ConfigurationObject
  private let build: @Sendable (ConfigurationObject, Registries) throws -> Any

  init<R: Registrable>(_: R.Type) throws(RegistrationError) {
    kind = R.kind.name
    name = R.name
    aliases = R.aliases
    card = R.card
    required = R.required.sorted()
    do throws(ConfigurationError) {
      let encoded = try ConfigurationValue(encoding: R.defaults)
      guard case .object(let object) = encoded else {
        throw ConfigurationError(.unexpected(expected: "an object", found: encoded.summary))
      }
      _ = try encoded.decode(R.Configuration.self)
      defaults = object
    } catch {
      throw .unusableDefaults(kind: R.kind.name, name: R.name, error)
    }
    let fields = FieldType(describing: R.Configuration.self, sample: .object(defaults)).fields ?? []
    let schema = fields.map { field in
      guard R.required.contains(field.name) else { return field }
      return SchemaField(name: field.name, type: field.type, isOptional: field.isOptional, isRequired: true)
    }
    self.schema = schema
    complete = { configuration throws(ConfigurationError) in
      let decoded = try Self.decode(R.self, configuration, schema)
      return try ConfigurationValue(encoding: decoded).objectValue ?? [:]
    }
    build = { configuration, registries in
      try R(Self.decode(R.self, configuration, schema), in: registries).product()
    }
  }

  private static func decode<R: Registrable>(
    _: R.Type, _ configuration: ConfigurationObject, _ schema: [SchemaField]
  ) throws(ConfigurationError) -> R.Configuration {
    let decoded = try ConfigurationValue.object(configuration).decode(R.Configuration.self, over: R.defaults)
    for field in schema where field.isRequired && configuration[field.name] == nil {
      throw ConfigurationError(.missing(expected: field.type.description), at: ConfigurationPath([.key(field.name)]))
    }
    return decoded
  }

  /// The configuration with every default filled in, as a resolved recipe holds it.
  ///
  /// - Throws: `ConfigurationError` for unknown and missing keys and wrong types.
  public func normalized(_ configuration: ConfigurationObject) throws(ConfigurationError) -> ConfigurationObject {
    try complete(configuration)
  }

  /// Makes the product.
  func make(_ configuration: ConfigurationObject, in registries: Registries) throws -> Any {
    try build(configuration, registries)
  }
}

extension Entry: CustomStringConvertible {
  /// `optimizer adam`.
  public var description: String { "\(kind) \(name)" }
}
