/// Notes which fields a type asks for while it is decoded, which is all that a `Codable` type tells about itself.
final class SchemaRecorder {
  private(set) var fields: [SchemaField] = []
  /// The types being described further out, so that one that contains itself comes to an end.
  private let enclosing: [ObjectIdentifier]

  init(enclosing: [ObjectIdentifier]) { self.enclosing = enclosing }

  /// Notes a field and returns its type.
  func note<Value>(
    _ name: String, _ type: Value.Type, isOptional: Bool, sample: ConfigurationValue?
  ) -> FieldType {
    let field = FieldType(describing: type, sample: sample == .null ? nil : sample, enclosing: enclosing)
    if !fields.contains(where: { $0.name == name }) {
      let isOptional = isOptional || type is any OptionalType.Type
      fields.append(SchemaField(name: name, type: field, isOptional: isOptional, defaultValue: sample))
    }
    return field
  }
}
