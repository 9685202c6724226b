extension ConfigurationValue: ExpressibleByNilLiteral {
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}

extension ConfigurationValue: ExpressibleByBooleanLiteral {
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension ConfigurationValue: ExpressibleByIntegerLiteral {
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
}

extension ConfigurationValue: ExpressibleByFloatLiteral {
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
}

extension ConfigurationValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
}

extension ConfigurationValue: ExpressibleByArrayLiteral {
  /// An array.
  public init(arrayLiteral elements: ConfigurationValue...) { self = .array(elements) }
}

extension ConfigurationValue: ExpressibleByDictionaryLiteral {
  /// An object. Traps when a key is written twice.
  public init(dictionaryLiteral elements: (String, ConfigurationValue)...) {
    var object = ConfigurationObject()
    for (key, value) in elements {
      require(object[key] == nil, "the key '\(key)' is written twice")
      object[key] = value
    }
    self = .object(object)
  }
}
