/// Reads `Decodable` types out of a configuration value laid over a fallback (the encoded defaults).
///
/// One decoder stands at one place of the document. `value` is what the document says there, `nil` where it is silent;
/// `fallback` is what holds then.
struct ConfigurationDecoder: Decoder {
  let value: ConfigurationValue?
  let fallback: ConfigurationValue?
  var path: ConfigurationPath = []
  var recorder: SchemaRecorder?
  /// The key types under which this place was opened as an object; a key that none of them knows is unknown.
  private let opened = OpenedKeys()

  var userInfo: [CodingUserInfoKey: Any] { [:] }
  var codingPath: [any CodingKey] { path.codingKeys }

  init(
    value: ConfigurationValue?, fallback: ConfigurationValue?, path: ConfigurationPath = [],
    recorder: SchemaRecorder? = nil
  ) {
    self.value = value
    self.fallback = fallback
    self.path = path
    self.recorder = recorder
  }

  /// What holds here, for types that take a document as it is.
  func wholeValue(expected: String = "a value") throws -> ConfigurationValue {
    guard let value = value ?? fallback else { throw ConfigurationError(.missing(expected: expected), at: path) }
    return value
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    if let value {
      guard case .object = value else { throw unexpected("an object", value) }
    } else if case .object? = fallback {
    } else {
      throw ConfigurationError(.missing(expected: "an object"), at: path)
    }
    opened.types.append { Key(stringValue: $0) != nil }
    return KeyedDecodingContainer(ConfigurationKeyedContainer<Key>(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let whole = try wholeValue(expected: "an array")
    guard case .array(let elements) = whole else { throw unexpected("an array", whole) }
    return ConfigurationUnkeyedContainer(decoder: self, elements: elements)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    ConfigurationScalarContainer(decoder: self)
  }

  func unexpected(_ expected: String, _ found: ConfigurationValue) -> ConfigurationError {
    ConfigurationError(.unexpected(expected: expected, found: found.summary), at: path)
  }
}

extension ConfigurationDecoder {
  /// The decoder one key further in.
  func child(_ key: String) -> ConfigurationDecoder {
    ConfigurationDecoder(
      value: value?[key], fallback: fallback?[key], path: path.appending(key), recorder: recorder?.child(key))
  }

  /// Reads a value of any type that stands here.
  func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let scalar = type as? any ConfigurationScalar.Type {
      let whole = try wholeValue(expected: scalar.expectation)
      guard let result = scalar.init(whole) as? Value else { throw unexpected(scalar.expectation, whole) }
      return result
    }
    try checkAllowed(type)

    var place = self
    if value != nil, type is any DictionaryType.Type {
      place = ConfigurationDecoder(value: value, fallback: nil, path: path, recorder: recorder)
    } else if fallback == nil, let type = type as? any ConfigurationFields.Type {
      let defaults = try ConfigurationValue(encoding: type.init())
      place = ConfigurationDecoder(value: value, fallback: defaults, path: path, recorder: recorder)
    }
    do {
      let result = try Value(from: place)
      try place.refuseUnknownKeys(of: type)
      return result
    } catch {
      // A misspelt key explains a missing one.
      if case .missing? = (error as? ConfigurationError)?.problem { try place.refuseUnknownKeys(of: type) }
      throw ConfigurationError(wrapping: error, at: path)
    }
  }

  /// Refuses what is none of an enumeration's raw values, and names them.
  private func checkAllowed<Value>(_ type: Value.Type) throws {
    guard let allowed = FieldType.choices(of: type) else { return }
    let expected = FieldType.choice(allowed).description
    let whole = try wholeValue(expected: expected)
    if !allowed.contains(whole) {
      let near = whole.stringValue.flatMap { Suggestion.nearest(to: $0, in: allowed.compactMap(\.stringValue)) }
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      throw ConfigurationError(.unexpected(expected: expected, found: whole.summary + hint), at: path)
    }
  }

  private func refuseUnknownKeys<Value: Decodable>(of type: Value.Type) throws {
    guard !opened.types.isEmpty, case .object(let object)? = value else { return }
    for key in object.keys where !opened.types.contains(where: { isKnown in isKnown(key) }) {
      var known = FieldType(describing: type, sample: fallback).fields?.map(\.name) ?? []
      if known.isEmpty { known = fallback?.objectValue?.keys ?? [] }
      throw ConfigurationError(.unknownKey(known: known), at: path.appending(key))
    }
  }
}

/// See `ConfigurationDecoder.opened`.
private final class OpenedKeys {
  var types: [(String) -> Bool] = []
}

/// Dictionaries, whose keys are data and not fields.
protocol DictionaryType {
  /// The type of the values.
  static var valueType: Any.Type { get }
}

extension Dictionary: DictionaryType {
  static var valueType: Any.Type { Value.self }
}

extension ConfigurationPath {
  var codingKeys: [any CodingKey] {
    components.map { component in
      switch component {
      case .key(let key): AnyCodingKey(stringValue: key)
      case .index(let index): AnyCodingKey(intValue: index)
      }
    }
  }
}
