/// A value that a field can hold, with its conversion from and to a configuration.
///
/// `Bool`, `Int`, `Double`, `String`, ``ConfigurationValue`` and ``Specification``, optionals and arrays of such values
/// conform. A `CaseIterable` enumeration of strings only has to declare the conformance:
///
/// ```swift
/// public enum Unit: String, CaseIterable, FieldValue { case step, epoch }
/// ```
public protocol FieldValue: Sendable {
  /// The type in a configuration, for descriptions and JSON Schema.
  static var fieldType: FieldType { get }
  /// Reads the value. Throws `ConfigurationError` for anything else; see ``ConfigurationError/unexpected(_:_:)``.
  init(configurationValue: ConfigurationValue) throws
  /// The value as a configuration. Throws `ConfigurationError` for infinity and NaN, which JSON cannot represent.
  var configurationValue: ConfigurationValue { get throws }
}

extension ConfigurationError {
  /// The error for an unexpected value.
  public static func unexpected(_ expected: some CustomStringConvertible, _ found: ConfigurationValue) -> Self {
    Self(.unexpected(expected: expected.description, found: found.summary))
  }
}

extension Bool: FieldValue {
  public static var fieldType: FieldType { .boolean }
  public init(configurationValue value: ConfigurationValue) throws {
    guard let boolean = value.booleanValue else { throw ConfigurationError.unexpected(Self.fieldType, value) }
    self = boolean
  }
  public var configurationValue: ConfigurationValue { .boolean(self) }
}

extension Int: FieldValue {
  public static var fieldType: FieldType { .integer }
  /// An integer; `3.0` is also accepted.
  public init(configurationValue value: ConfigurationValue) throws {
    guard let integer = value.integerValue else { throw ConfigurationError.unexpected(Self.fieldType, value) }
    self = integer
  }
  public var configurationValue: ConfigurationValue { .integer(self) }
}

extension Double: FieldValue {
  public static var fieldType: FieldType { .number }
  public init(configurationValue value: ConfigurationValue) throws {
    guard let number = value.numberValue else { throw ConfigurationError.unexpected(Self.fieldType, value) }
    self = number
  }
  public var configurationValue: ConfigurationValue {
    get throws {
      guard isFinite else {
        throw ConfigurationError(.unexpected(expected: "a finite number", found: description))
      }
      return .number(self)
    }
  }
}

extension String: FieldValue {
  public static var fieldType: FieldType { .string }
  public init(configurationValue value: ConfigurationValue) throws {
    guard let text = value.stringValue else { throw ConfigurationError.unexpected(Self.fieldType, value) }
    self = text
  }
  public var configurationValue: ConfigurationValue { .string(self) }
}

extension ConfigurationValue: FieldValue {
  public static var fieldType: FieldType { .any }
  public init(configurationValue value: ConfigurationValue) { self = value }
  public var configurationValue: ConfigurationValue { self }
}

extension Specification: FieldValue {
  public static var fieldType: FieldType { .specification(kind: nil) }
  public init(configurationValue value: ConfigurationValue) throws { try self.init(value) }
  public var configurationValue: ConfigurationValue { value }
}

extension Optional: FieldValue where Wrapped: FieldValue {
  public static var fieldType: FieldType { Wrapped.fieldType }
  public init(configurationValue value: ConfigurationValue) throws {
    self = value == .null ? nil : try Wrapped(configurationValue: value)
  }
  public var configurationValue: ConfigurationValue { get throws { try self?.configurationValue ?? .null } }
}

extension Array: FieldValue where Element: FieldValue {
  public static var fieldType: FieldType { .array(Element.fieldType) }
  public init(configurationValue value: ConfigurationValue) throws {
    guard let elements = value.arrayValue else { throw ConfigurationError.unexpected(Self.fieldType, value) }
    self = try elements.enumerated().map { index, element in
      try ConfigurationError.locating(at: [.index(index)]) { try Element(configurationValue: element) }
    }
  }
  public var configurationValue: ConfigurationValue { get throws { .array(try map { try $0.configurationValue }) } }
}

extension FieldValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// One of the raw values.
  public static var fieldType: FieldType { .choice(allCases.map { .string($0.rawValue) }) }

  /// Reads a raw value. Throws `ConfigurationError` with the nearest one.
  public init(configurationValue value: ConfigurationValue) throws {
    if let text = value.stringValue, let choice = Self(rawValue: text) {
      self = choice
      return
    }
    let near = value.stringValue.flatMap { Suggestion.nearest(to: $0, in: Self.allCases.map(\.rawValue)) }
    let hint = near.map { "; did you mean '\($0)'?" } ?? ""
    throw ConfigurationError(.unexpected(expected: Self.fieldType.description, found: value.summary + hint))
  }

  public var configurationValue: ConfigurationValue { .string(rawValue) }
}
