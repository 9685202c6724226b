/// A JSON object: values by key, in the order in which the keys were first written.
///
/// The order matters only for printing; objects with the same keys and values are equal.
///
/// ```swift
/// var object: ConfigurationObject = ["name": "adam"]
/// object["learningRate"] = 0.01
/// ```
public struct ConfigurationObject: Sendable {
  /// The keys, in order.
  public private(set) var keys: [String] = []
  private var values: [String: ConfigurationValue] = [:]

  public init() {}

  public var isEmpty: Bool { keys.isEmpty }

  public var count: Int { keys.count }

  /// The value for a key. Assigning `nil` removes the key; a new key is appended.
  public subscript(key: String) -> ConfigurationValue? {
    get { values[key] }
    set {
      let old = values[key]
      values[key] = newValue
      if old == nil, newValue != nil {
        keys.append(key)
      } else if old != nil, newValue == nil {
        keys.removeAll { $0 == key }
      }
    }
  }
}

extension ConfigurationObject: Equatable {
  /// Whether both have the same keys and values, in any order.
  public static func == (a: Self, b: Self) -> Bool { a.values == b.values }
}

extension ConfigurationObject: Sequence {
  /// Iterates over keys and values, in order.
  public func makeIterator() -> AnyIterator<(key: String, value: ConfigurationValue)> {
    var position = 0
    return AnyIterator {
      guard position < keys.count else { return nil }
      let key = keys[position]
      position += 1
      return (key, values[key] ?? .null)
    }
  }

  /// Iterating costs no more than counting.
  public var underestimatedCount: Int { keys.count }
}

extension ConfigurationObject: ExpressibleByDictionaryLiteral {
  /// Traps on a duplicate key.
  public init(dictionaryLiteral elements: (String, ConfigurationValue)...) {
    for (key, value) in elements {
      require(values[key] == nil, "duplicate key '\(key)'")
      self[key] = value
    }
  }
}
