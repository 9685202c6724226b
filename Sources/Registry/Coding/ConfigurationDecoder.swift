/// Reads `Decodable` types out of a configuration value laid over a fallback (the encoded defaults).
///
/// One decoder stands at one place of the document. `value` is what the document says there, `nil` where it is silent;
/// `fallback` is what holds then.
struct ConfigurationDecoder: Decoder {
  let value: ConfigurationValue?
  let fallback: ConfigurationValue?
  var path: ConfigurationPath = []
  var recorder: SchemaRecorder?
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
    opened.isUntouched = false
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
    opened.isUntouched = false
    opened.types.append { Key(stringValue: $0) != nil }
    return KeyedDecodingContainer(ConfigurationKeyedContainer<Key>(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let whole = try wholeValue(expected: "an array")
    guard case .array(let elements) = whole else { throw unexpected("an array", whole) }
    return ConfigurationUnkeyedContainer(decoder: self, elements: elements)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    opened.isUntouched = false
    return ConfigurationScalarContainer(decoder: self)
  }

  func unexpected(_ expected: String, _ found: ConfigurationValue) -> ConfigurationError {
    ConfigurationError(.unexpected(expected: expected, found: found.summary), at: path)
  }
}

extension ConfigurationDecoder {
  /// The decoder one key further in.
  func child(_ key: String) -> ConfigurationDecoder {
    let inner = value?[key]
    var standard = fallback?[key]
    // An empty optional says nothing about the fields of what fills it.
    if inner != nil, standard == .null { standard = nil }
    return ConfigurationDecoder(value: inner, fallback: standard, path: path.appending(key))
  }

  /// The decoder of a place that a type reads itself, instead of leaving it to the type of a field.
  func nested(_ key: String) -> ConfigurationDecoder {
    let decoder = child(key)
    opened.nested.append(decoder)
    return decoder
  }

  /// Reads a value of any type that stands here.
  func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let scalar = type as? any ConfigurationScalar.Type {
      let whole = try wholeValue(expected: scalar.expectation)
      guard let result = scalar.init(whole) as? Value else { throw unexpected(scalar.expectation, whole) }
      return result
    }
    try checkAllowed(type)

    var standard = fallback
    if value != nil, type is any DictionaryType.Type {
      standard = nil
    } else if fallback == nil, let type = type as? any ConfigurationFields.Type {
      standard = try ConfigurationValue(encoding: type.init())
    }
    // A decoder of its own, for a type may try several types at one place.
    let place = ConfigurationDecoder(value: value, fallback: standard, path: path, recorder: recorder)
    do {
      let result = try Value(from: place)
      // A structure without fields asks for nothing, but what stands here has to be an object without keys.
      if place.value != nil, place.opened.isUntouched { _ = try place.container(keyedBy: NoKeys.self) }
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

  /// Refuses keys that none of the key types knows under which this place was opened. `type` is what was read here, if
  /// it was one type.
  private func refuseUnknownKeys(of type: Any.Type?) throws {
    for place in opened.nested { try place.refuseUnknownKeys(of: nil) }
    guard !opened.types.isEmpty, case .object(let object)? = value else { return }
    for key in object.keys where !opened.types.contains(where: { isKnown in isKnown(key) }) {
      var known = type.flatMap { FieldType(describing: $0, sample: fallback).fields?.map(\.name) } ?? []
      if known.isEmpty { known = fallback?.objectValue?.keys ?? [] }
      throw ConfigurationError(.unknownKey(known: known), at: path.appending(key))
    }
  }
}

/// The keys of a structure without fields.
private struct NoKeys: CodingKey {
  var stringValue: String { "" }
  var intValue: Int? { nil }
  init?(stringValue: String) { nil }
  init?(intValue: Int) { nil }
}

/// How a type opened the place of a decoder.
private final class OpenedKeys {
  /// Whether it has not been opened at all.
  var isUntouched = true
  /// For every keyed container, whether its keys include a given one.
  var types: [(String) -> Bool] = []
  /// Containers inside this one that the type opened itself.
  var nested: [ConfigurationDecoder] = []
}
