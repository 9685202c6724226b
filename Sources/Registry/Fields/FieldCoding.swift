/// How a field's value is represented in a configuration.
struct FieldCoding<Value: Sendable>: Sendable {
  /// The type in a configuration.
  let type: FieldType
  /// Whether it may be null.
  var isOptional = false
  /// Whether it is plain data, which can always be written unless it has NaN or infinite numbers.
  var isPlain = false
  /// Reads a value. The second argument is the default, if any, which an object without a name modifies.
  let read: @Sendable (ConfigurationValue, Value?, Registries) throws -> Value
  /// Writes a value, in full or without defaults.
  let write: @Sendable (Value, Bool) throws -> ConfigurationValue
  /// The range of a value that changes over time; nil for all others.
  var range: @Sendable (Value) -> ClosedRange<Double>? = { _ in nil }
}

extension FieldCoding where Value: FieldValue {
  /// Plain data.
  static func plain() -> Self {
    FieldCoding(
      type: Value.fieldType, isOptional: (try? Value(configurationValue: .null)) != nil, isPlain: true,
      read: { value, _, _ in try Value(configurationValue: value) }, write: { value, _ in try value.configurationValue }
    )
  }
}

extension FieldCoding where Value: FieldGroup {
  /// An object with fields of its own.
  static func group() -> Self {
    FieldCoding(
      type: .object(Value().schema),
      read: { value, _, registries in
        guard case .object(let object) = value else { throw ConfigurationError.unexpected("an object", value) }
        return try Value(object, in: registries)
      },
      write: { .object(try $0.configuration(isComplete: $1)) })
  }
}

extension FieldCoding<Specification> {
  /// The specification of a registered thing made later.
  static func naming<Product>(_ kind: Kind<Product>) -> Self {
    FieldCoding(
      type: .specification(kind: kind.name),
      read: { value, standard, _ in try Specification(value.completed(by: standard)) },
      write: { value, _ in value.value }
    )
  }
}

extension ConfigurationValue {
  /// The value, or for an object without a name, the default with the object's changes.
  fileprivate func completed(by standard: @autoclosure () throws -> Specification?) rethrows -> ConfigurationValue {
    guard objectValue != nil, self["name"] == nil, let standard = try standard() else { return self }
    return standard.value.overlaid(with: self)
  }
}

extension FieldCoding {
  /// A registered thing as its name and configuration; also a number if the kind's products include `Double`.
  static func registered(_ kind: Kind<Value>) -> Self {
    let takesNumbers = 0.0 is Value
    return FieldCoding(
      type: takesNumbers ? .numberOrSpecification(kind: kind.name) : .specification(kind: kind.name),
      read: { value, standard, registries in
        if takesNumbers, let number = value.numberValue, let product = number as? Value { return product }
        let specification = try value.completed(by: standard.map { try Specification(describing: $0) })
        return try registries.make(kind, Specification(specification))
      },
      write: { value, isComplete in
        if let number = value as? Double { return try number.configurationValue }
        return try Specification(describing: value, isComplete: isComplete).value
      },
      range: kind.range)
  }

  /// A value or null.
  static func optional<Wrapped>(_ coding: FieldCoding<Wrapped>) -> Self where Value == Wrapped? {
    FieldCoding(
      type: coding.type, isOptional: true,
      read: { value, standard, registries in
        value == .null ? nil : try coding.read(value, standard ?? nil, registries)
      },
      write: { value, isComplete in try value.map { try coding.write($0, isComplete) } ?? .null },
      range: { value in value.flatMap { coding.range($0) } })
  }

  /// A list of values.
  static func list<Element>(_ coding: FieldCoding<Element>) -> Self where Value == [Element] {
    FieldCoding(
      type: .array(coding.type),
      read: { value, _, registries in
        guard case .array(let elements) = value else {
          throw ConfigurationError.unexpected(FieldType.array(coding.type), value)
        }
        return try elements.enumerated().map { index, element in
          try ConfigurationError.locating(at: [.index(index)]) { try coding.read(element, nil, registries) }
        }
      },
      write: { value, isComplete in
        .array(
          try value.enumerated().map { index, element in
            try ConfigurationError.locating(at: [.index(index)]) { try coding.write(element, isComplete) }
          })
      })
  }
}
