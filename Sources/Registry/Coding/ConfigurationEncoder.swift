/// Writes `Encodable` types as configuration values.
struct ConfigurationEncoder: Encoder {
  let path: ConfigurationPath
  let target: Target

  var codingPath: [any CodingKey] { path.codingKeys }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// The place that is being written; containers share it with the encoder that made them.
  final class Target {
    var value: ConfigurationValue?
    /// Places inside this one that were handed out before they were written.
    var children: [(step: ConfigurationPath.Component, target: Target)] = []

    /// The value with everything that was written inside it.
    func finished() -> ConfigurationValue? {
      guard !children.isEmpty else { return value }
      var result = value
      for (step, child) in children {
        let inner = child.finished() ?? .object([:])
        switch step {
        case .key(let key):
          var object = result?.objectValue ?? [:]
          object[key] = inner
          result = .object(object)
        case .index(let index):
          var array = result?.arrayValue ?? []
          array[index] = inner
          result = .array(array)
        }
      }
      return result
    }
  }

  static func encode(_ value: some Encodable, at path: ConfigurationPath) throws -> ConfigurationValue {
    switch value {
    case let value as ConfigurationValue: return value
    case let value as Bool: return .boolean(value)
    case let value as String: return .string(value)
    case let value as Double: return try number(value, at: path)
    case let value as Float: return try number(Double(value), shortest: Double(value.description), at: path)
    case let value as any FixedWidthInteger:
      guard let whole = Int(exactly: value) else {
        throw ConfigurationError(.unexpected(expected: "a whole number below 2^63", found: "\(value)"), at: path)
      }
      return .integer(whole)
    default:
      let encoder = ConfigurationEncoder(path: path, target: Target())
      try value.encode(to: encoder)
      return encoder.target.finished() ?? .object([:])
    }
  }

  /// A `Float` is written with the digits that tell it from other `Float`s: 0.1, not 0.10000000149011612.
  private static func number(_ value: Double, shortest: Double? = nil, at path: ConfigurationPath) throws
    -> ConfigurationValue
  {
    guard value.isFinite else {
      throw ConfigurationError(.unexpected(expected: "a finite number", found: "\(value)"), at: path)
    }
    return .number(shortest ?? value)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if target.value == nil { target.value = .object([:]) }
    return KeyedEncodingContainer(KeyedContainer<Key>(path: path, target: target))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if target.value == nil { target.value = .array([]) }
    return UnkeyedContainer(path: path, target: target)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { ScalarContainer(path: path, target: target) }
}

extension ConfigurationEncoder {
  private struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let path: ConfigurationPath
    let target: Target

    var codingPath: [any CodingKey] { path.codingKeys }

    func encodeNil(forKey key: Key) { target.value?[key.stringValue] = .null }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
      target.value?[key.stringValue] = try ConfigurationEncoder.encode(value, at: path.appending(key.stringValue))
    }

    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws { try write(value, key) }

    // An empty field is written as null, so that what was emptied is not taken for what was left out.
    private func write(_ value: (some Encodable)?, _ key: Key) throws {
      if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: String?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try write(value, key) }

    func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type, forKey key: Key)
      -> KeyedEncodingContainer<Nested>
    {
      nested(key).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { nested("super") }

    func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    private func nested(_ key: Key) -> ConfigurationEncoder { nested(key.stringValue) }

    private func nested(_ key: String) -> ConfigurationEncoder {
      let child = Target()
      target.value?[key] = .null
      target.children.append((.key(key), child))
      return ConfigurationEncoder(path: path.appending(key), target: child)
    }
  }

  private struct UnkeyedContainer: UnkeyedEncodingContainer {
    let path: ConfigurationPath
    let target: Target

    var codingPath: [any CodingKey] { path.codingKeys }
    var count: Int { target.value?.arrayValue?.count ?? 0 }

    func encodeNil() { append(.null) }

    func encode<Value: Encodable>(_ value: Value) throws {
      append(try ConfigurationEncoder.encode(value, at: path.appending(count)))
    }

    func nestedContainer<Key: CodingKey>(keyedBy keyType: Key.Type) -> KeyedEncodingContainer<Key> {
      nested().container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }

    func superEncoder() -> any Encoder { nested() }

    private func append(_ value: ConfigurationValue) {
      guard case .array(var elements)? = target.value else { return }
      target.value = nil
      elements.append(value)
      target.value = .array(elements)
    }

    private func nested() -> ConfigurationEncoder {
      let child = Target()
      target.children.append((.index(count), child))
      let inner = ConfigurationEncoder(path: path.appending(count), target: child)
      append(.null)
      return inner
    }
  }

  private struct ScalarContainer: SingleValueEncodingContainer {
    let path: ConfigurationPath
    let target: Target

    var codingPath: [any CodingKey] { path.codingKeys }

    func encodeNil() { target.value = .null }

    func encode<Value: Encodable>(_ value: Value) throws {
      target.value = try ConfigurationEncoder.encode(value, at: path)
    }
  }
}
