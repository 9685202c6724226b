/// A field's value, with what its declaration says about it.
public struct DeclaredValue<Value: Sendable>: Sendable {
  /// The field's name.
  public let name: String
  /// The value.
  public let value: Value
  /// Which values are allowed; nil for any.
  public let rule: Rule?
}

extension Configurable {
  /// The fields that hold a value of a type, in order: all schedules of an optimizer, say.
  public func declaredValues<Value>(of type: Value.Type = Value.self) -> [DeclaredValue<Value>] {
    fields.compactMap { key, field in
      (field.value as? Value).map { DeclaredValue(name: key, value: $0, rule: field.rule) }
    }
  }
}
