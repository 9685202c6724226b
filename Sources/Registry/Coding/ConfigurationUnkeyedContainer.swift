/// Reads the elements of an array one after the other.
struct ConfigurationUnkeyedContainer: UnkeyedDecodingContainer {
  let decoder: ConfigurationDecoder
  let elements: [ConfigurationValue]
  private(set) var currentIndex = 0

  init(decoder: ConfigurationDecoder, elements: [ConfigurationValue]) {
    self.decoder = decoder
    self.elements = elements
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  mutating func decodeNil() throws -> Bool {
    guard try peek() == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().read(type) }

  mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    try next().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

  mutating func superDecoder() throws -> any Decoder { try next() }

  private func peek() throws -> ConfigurationValue {
    guard !isAtEnd else {
      throw ConfigurationError(.missing(expected: "an element"), at: decoder.path.appending(currentIndex))
    }
    return elements[currentIndex]
  }

  private mutating func next() throws -> ConfigurationDecoder {
    let element = try peek()
    defer { currentIndex += 1 }
    return ConfigurationDecoder(value: element, fallback: nil, path: decoder.path.appending(currentIndex))
  }
}
