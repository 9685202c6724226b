/// A field's value with its declaration.
public struct DeclaredValue<Value: Sendable>: Sendable {
  public let name: String
  public let value: Value
  /// The allowed values; nil for any.
  public let rule: Rule?
}

extension Configurable {
  /// The fields with values of a type, in order: for example, all schedules of an optimizer.
  public func declaredValues<Value>(of type: Value.Type = Value.self) -> [DeclaredValue<Value>] {
    fields.compactMap { key, field in
      (field.value as? Value).map { DeclaredValue(name: key, value: $0, rule: field.rule) }
    }
  }
}
