extension ConfigurationValue {
  /// Reads a value of a `Decodable` type.
  ///
  /// Stricter than other decoders: a key that the type does not have is an error. More lenient in one point: a missing
  /// key of a `ConfigurationFields` has its default. A whole number is accepted as a `Double`, `3.0` as an `Int`.
  ///
  /// - Throws: `ConfigurationError` with the path, what was expected and what was found.
  public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws(ConfigurationError) -> Value {
    try Self.unwrapped { try ConfigurationDecoder(value: self, fallback: nil).read(type) }
  }

  /// Reads a value of a `Codable` type whose missing keys are taken from `defaults`, at every depth.
  ///
  /// A list, a dictionary or a specification that is given replaces the default as a whole; so does any value that is
  /// no object.
  public func decode<Value: Codable>(_ type: Value.Type = Value.self, over defaults: Value)
    throws(ConfigurationError) -> Value
  {
    let fallback = try ConfigurationValue(encoding: defaults)
    return try Self.unwrapped { try ConfigurationDecoder(value: self, fallback: fallback).read(type) }
  }

  /// Writes a value of an `Encodable` type as a configuration. Empty optionals are written as `null`.
  ///
  /// - Throws: `ConfigurationError` for what JSON cannot hold: infinity, NaN, whole numbers beyond 64 bits.
  public init(encoding value: some Encodable) throws(ConfigurationError) {
    self = try Self.unwrapped { try ConfigurationEncoder.encode(value, at: []) }
  }

  /// Whatever a custom `init(from:)` throws becomes a `ConfigurationError`.
  static func unwrapped<Result>(_ body: () throws -> Result) throws(ConfigurationError) -> Result {
    do {
      return try body()
    } catch {
      throw ConfigurationError(wrapping: error, at: [])
    }
  }
}

extension ConfigurationError {
  /// The error as it is, or one with the same message at the given path.
  init(wrapping error: any Error, at path: ConfigurationPath) {
    switch error {
    case let error as ConfigurationError: self = error
    case DecodingError.dataCorrupted(let context): self.init(.invalid(context.debugDescription), at: path)
    case DecodingError.typeMismatch(_, let context): self.init(.invalid(context.debugDescription), at: path)
    case DecodingError.valueNotFound(_, let context): self.init(.invalid(context.debugDescription), at: path)
    case DecodingError.keyNotFound(let key, _):
      self.init(.missing(expected: "a value"), at: path.appending(key.stringValue))
    default: self.init(.invalid("\(error)"), at: path)
    }
  }
}
