/// A field of a configuration, as seen by `describe`, the documentation and the tests.
public struct SchemaField: Sendable, Equatable {
  public var name: String
  public var type: FieldType
  public var isOptional = false
  public var isRequired = false
  /// The value if it is missing; for a required field, an example.
  public var defaultValue: ConfigurationValue?
  /// The meaning, in one line.
  public var text = ""
  /// The allowed values; nil for all of the type.
  public var rule: Rule?

  /// Meaning and allowed values in one line: `Decay of the running mean; in [0, 1)`.
  public var summary: String { [text, rule?.description ?? ""].filter { !$0.isEmpty }.joined(separator: "; ") }
}
