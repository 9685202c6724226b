/// Reads the fields of an object. A key that neither the document nor the fallback has is missing.
struct ConfigurationKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: ConfigurationDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }

  /// The keys of the document or, where it is silent, of the fallback: a type that asks for all keys takes them for data.
  var allKeys: [Key] {
    let keys = (decoder.value ?? decoder.fallback)?.objectValue?.keys ?? []
    return keys.compactMap { Key(stringValue: $0) }
  }

  func contains(_ key: Key) -> Bool {
    decoder.value?[key.stringValue] != nil || decoder.fallback?[key.stringValue] != nil
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    (decoder.value?[key.stringValue] ?? decoder.fallback?[key.stringValue]) == .null
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try read(type, key)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    try readIfPresent(type, key)
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  {
    try decoder.nested(key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder.nested(key.stringValue).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { decoder.nested("super") }

  func superDecoder(forKey key: Key) throws -> any Decoder { decoder.nested(key.stringValue) }

  private func read<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
    var child = decoder.child(key.stringValue)
    if let recorder = decoder.recorder {
      let field = recorder.note(key.stringValue, type, isOptional: false, sample: child.fallback)
      if child.fallback == nil {
        child = ConfigurationDecoder(value: nil, fallback: field.placeholder, path: child.path)
      }
    }
    return try child.read(type)
  }

  private func readIfPresent<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
    let child = decoder.child(key.stringValue)
    _ = decoder.recorder?.note(key.stringValue, type, isOptional: true, sample: child.fallback)
    guard let whole = child.value ?? child.fallback, whole != .null else { return nil }
    return try child.read(type)
  }
}

// The protocol's own versions of these would hide from a recorder that the field may be empty.
extension ConfigurationKeyedContainer {
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try readIfPresent(type, key) }
  func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try readIfPresent(type, key) }
}
