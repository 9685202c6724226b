/// A JSON document as a value, used for configurations, specifications and recipes.
///
/// ```swift
/// var recipe = try ConfigurationValue(parsing: #"{"optimizer": "adam", "epochs": 10}"#)
/// recipe["epochs"]                                    // 10
/// try recipe.set(path: "optimizer.learningRate", to: 0.01)
/// print(recipe.json(prettyPrinted: true))
/// ```
///
/// Integers stay integers: `1` is an `integer` and `1.0` a `number`, before and after printing.
public enum ConfigurationValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// A number without fraction and exponent.
  case integer(Int)
  /// Any other number. JSON has no infinity and no NaN, so neither has this case.
  case number(Double)
  case string(String)
  case array([ConfigurationValue])
  /// An object with ordered keys.
  case object(ConfigurationObject)
}

extension ConfigurationValue {
  /// The Boolean, if this is one.
  public var booleanValue: Bool? {
    if case .boolean(let value) = self { value } else { nil }
  }

  /// The integer, if this is one (`3`, and also `3.0`).
  public var integerValue: Int? {
    switch self {
    case .integer(let value): value
    // Not `Int(exactly:)`, which needs the math library: this module links none.
    case .number(let value) where abs(value) < 0x1p63 && Double(Int(value)) == value: Int(value)
    default: nil
    }
  }

  /// The number, if this is one.
  public var numberValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The string, if this is one.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements, if this is an array.
  public var arrayValue: [ConfigurationValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The keys and values, if this is an object.
  public var objectValue: ConfigurationObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The value for a key; `nil` if this is not an object or has no such key. Assigning to a key of anything but an
  /// object replaces it by an object with this key.
  public subscript(key: String) -> ConfigurationValue? {
    get { objectValue?[key] }
    set {
      var object = objectValue ?? ConfigurationObject()
      object[key] = newValue
      self = .object(object)
    }
  }

  /// The element at an index; `nil` if this is not an array or has no such element.
  public subscript(index: Int) -> ConfigurationValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The value for messages: a scalar as written, "an array", or "an object".
  public var summary: String {
    switch self {
    case .array(let elements): return elements.isEmpty ? "an empty array" : "an array"
    case .object(let object): return object.isEmpty ? "an empty object" : "an object"
    case .string(let text) where text.count > 60: return ConfigurationValue.string(text.prefix(60) + "…").json()
    default: return json()
    }
  }
}

extension ConfigurationValue: CustomStringConvertible {
  public var description: String { json() }
}
