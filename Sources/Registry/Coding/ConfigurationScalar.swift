/// The types that one JSON scalar holds.
protocol ConfigurationScalar {
  /// What a document must say, for messages.
  static var expectation: String { get }
  /// What a document calls this type.
  static var fieldType: FieldType { get }
  /// Reads the scalar; `nil` where it is of another type or does not fit.
  init?(_ value: ConfigurationValue)
}

extension Bool: ConfigurationScalar {
  static var expectation: String { "true or false" }
  static var fieldType: FieldType { .boolean }
  init?(_ value: ConfigurationValue) {
    guard let value = value.booleanValue else { return nil }
    self = value
  }
}

extension String: ConfigurationScalar {
  static var expectation: String { "a string" }
  static var fieldType: FieldType { .string }
  init?(_ value: ConfigurationValue) {
    guard let value = value.stringValue else { return nil }
    self = value
  }
}

extension ConfigurationScalar where Self: BinaryFloatingPoint {
  static var expectation: String { "a number" }
  static var fieldType: FieldType { .number }
  init?(_ value: ConfigurationValue) {
    guard let value = value.numberValue, Self(value).isFinite else { return nil }
    self.init(value)
  }
}

extension Double: ConfigurationScalar {}
extension Float: ConfigurationScalar {}

extension ConfigurationScalar where Self: FixedWidthInteger {
  static var expectation: String {
    bitWidth == 64 && isSigned
      ? "a whole number"
      : min == 0 && bitWidth == 64 ? "a whole number of at least 0" : "a whole number from \(min) to \(max)"
  }
  static var fieldType: FieldType { .integer }
  init?(_ value: ConfigurationValue) {
    guard let value = value.integerValue else { return nil }
    self.init(exactly: value)
  }
}

extension Int: ConfigurationScalar {}
extension Int8: ConfigurationScalar {}
extension Int16: ConfigurationScalar {}
extension Int32: ConfigurationScalar {}
extension Int64: ConfigurationScalar {}
extension UInt: ConfigurationScalar {}
extension UInt8: ConfigurationScalar {}
extension UInt16: ConfigurationScalar {}
extension UInt32: ConfigurationScalar {}
extension UInt64: ConfigurationScalar {}
