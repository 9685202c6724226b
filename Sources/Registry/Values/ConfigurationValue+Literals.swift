extension ConfigurationValue: ExpressibleByNilLiteral {
  public init(nilLiteral: ()) { self = .null }
}

extension ConfigurationValue: ExpressibleByBooleanLiteral {
  /// A Boolean.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension ConfigurationValue: ExpressibleByIntegerLiteral {
  /// An integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
}

extension ConfigurationValue: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Double) { self = .number(value) }
}

extension ConfigurationValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self = .string(value) }
}

extension ConfigurationValue: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: ConfigurationValue...) { self = .array(elements) }
}

extension ConfigurationValue: ExpressibleByDictionaryLiteral {
  /// An object. Traps on a duplicate key.
  public init(dictionaryLiteral elements: (String, ConfigurationValue)...) {
    var object = ConfigurationObject()
    for (key, value) in elements {
      require(object[key] == nil, "duplicate key '\(key)'")
      object[key] = value
    }
    self = .object(object)
  }
}
