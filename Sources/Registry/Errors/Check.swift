/// Checks that a field cannot express by itself, for use in ``Configurable/validate()``. Each returns its value, or
/// throws a `ConfigurationError` that names the field, what was expected and what was found:
///
/// ```swift
/// func validate() throws {
///   try Check.that(first <= last, "last", "a number of at least first", found: last)
/// }
/// ```
///
/// The field is a path, so a value in a nested structure or array can be named: `"window.width"`.
public enum Check {
  /// Any condition: `try Check.that(start < end, "end", "a number above start", found: end)`.
  public static func that(
    _ condition: Bool, _ field: ConfigurationPath, _ expected: String, found: some FieldValue
  ) throws(ConfigurationError) {
    if condition { return }
    let text = (try? found.configurationValue)?.summary ?? "\(found)"
    throw ConfigurationError(.unexpected(expected: expected, found: text), at: field)
  }

  /// A finite number above 0.
  @discardableResult
  public static func positive(_ value: Double, _ field: ConfigurationPath) throws(ConfigurationError) -> Double {
    try that(value > 0 && value.isFinite, field, "a positive number", found: value)
    return value
  }

  /// An integer above 0.
  @discardableResult
  public static func positive(_ value: Int, _ field: ConfigurationPath) throws(ConfigurationError) -> Int {
    try that(value > 0, field, "a positive whole number", found: value)
    return value
  }

  /// A finite number of at least 0.
  @discardableResult
  public static func nonNegative(_ value: Double, _ field: ConfigurationPath) throws(ConfigurationError) -> Double {
    try that(value >= 0 && value.isFinite, field, "a number of at least 0", found: value)
    return value
  }

  /// An integer of at least 0.
  @discardableResult
  public static func nonNegative(_ value: Int, _ field: ConfigurationPath) throws(ConfigurationError) -> Int {
    try that(value >= 0, field, "a whole number of at least 0", found: value)
    return value
  }

  /// A value in a closed range.
  @discardableResult
  public static func value<Value: Comparable & FieldValue>(
    _ value: Value, in range: ClosedRange<Value>, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> Value {
    try that(
      range.contains(value), field, "a value from \(range.lowerBound) to \(range.upperBound)", found: value)
    return value
  }

  /// A value in a half-open range, such as a momentum in 0..<1.
  @discardableResult
  public static func value<Value: Comparable & FieldValue>(
    _ value: Value, in range: Range<Value>, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> Value {
    try that(
      range.contains(value), field, "a value of at least \(range.lowerBound) and below \(range.upperBound)",
      found: value)
    return value
  }

  /// A number strictly between two others.
  @discardableResult
  public static func value(
    _ value: Double, between low: Double, and high: Double, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> Double {
    try that(value > low && value < high, field, "a number between \(low) and \(high), both excluded", found: value)
    return value
  }

  /// A non-empty list or string.
  @discardableResult
  public static func nonEmpty<Value: Collection & FieldValue>(
    _ value: Value, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> Value {
    try that(!value.isEmpty, field, value is String ? "a non-empty string" : "at least one element", found: value)
    return value
  }

  /// A list with an exact number of elements.
  @discardableResult
  public static func count<Value: Collection & FieldValue>(
    _ value: Value, is count: Int, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> Value {
    if value.count == count { return value }
    throw ConfigurationError(
      .unexpected(expected: "\(count) element\(count == 1 ? "" : "s")", found: "\(value.count)"), at: field)
  }
}
