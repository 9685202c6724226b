/// Optionals, whatever they wrap.
protocol OptionalType {
  /// What is wrapped.
  static var wrappedType: Any.Type { get }
}

extension Optional: OptionalType {
  static var wrappedType: Any.Type { Wrapped.self }
}

/// Arrays and sets.
protocol ListType {
  /// The type of the elements.
  static var elementType: Any.Type { get }
}

extension Array: ListType {
  static var elementType: Any.Type { Element.self }
}

extension Set: ListType {
  static var elementType: Any.Type { Element.self }
}

/// Dictionaries, whose keys are data and not fields.
protocol DictionaryType {
  /// The type of the values.
  static var valueType: Any.Type { get }
}

extension Dictionary: DictionaryType {
  static var valueType: Any.Type { Value.self }
}
