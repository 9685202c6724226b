/// One field of a configuration, as `describe`, the documentation and the tests see it.
public struct SchemaField: Sendable, Equatable {
  /// The key.
  public var name: String
  /// What it holds.
  public var type: FieldType
  /// Whether it may be `null`.
  public var isOptional: Bool
  /// Whether it has to be given.
  public var isRequired: Bool
  /// What holds where it is left out; `nil` for a required field and for one of an element that has no default.
  public var defaultValue: ConfigurationValue?

  /// Creates a field.
  public init(
    name: String, type: FieldType, isOptional: Bool = false, isRequired: Bool = false,
    defaultValue: ConfigurationValue? = nil
  ) {
    self.name = name
    self.type = type
    self.isOptional = isOptional
    self.isRequired = isRequired
    self.defaultValue = defaultValue
  }
}
