/// Reads the one value that stands at a place.
struct ConfigurationScalarContainer: SingleValueDecodingContainer {
  let decoder: ConfigurationDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { (decoder.value ?? decoder.fallback ?? .null) == .null }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.read(type) }
}
