/// One field of a configuration, as `describe`, the documentation and the tests see it.
public struct SchemaField: Sendable, Equatable {
  /// The key.
  public var name: String
  /// What it holds.
  public var type: FieldType
  /// Whether it may be `null`.
  public var isOptional = false
  /// Whether it has to be given.
  public var isRequired = false
  /// What holds where it is left out; for a required field, an example.
  public var defaultValue: ConfigurationValue?
  /// What it means, in a line.
  public var text = ""
  /// Which values are allowed; nil where all of the type are.
  public var rule: Rule?

  /// Meaning and allowed values in one line: `Share of the old mean that is kept, in [0, 1)`.
  public var summary: String { [text, rule?.description ?? ""].filter { !$0.isEmpty }.joined(separator: ", ") }
}
