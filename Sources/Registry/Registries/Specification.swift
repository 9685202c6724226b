/// Something registered and how it is configured: `"adam"` or `{"name": "adam", "learningRate": 0.01}`.
///
/// Specifications are what files and configurations hold where they mean "an optimizer", "an initializer"; the
/// registries make the thing itself. The key `name` is reserved.
///
///     struct Configuration: ConfigurationFields {
///       var units = 128
///       var initializer: Specification = "glorot-uniform"
///       init() {}
///     }
///     init(_ configuration: Configuration, in registries: Registries) throws {
///       initializer = try registries.make(.initializer, configuration.initializer)
///     }
///
/// A specification that was decoded remembers where it stood, so that the error for a wrong value inside it names the
/// whole path (`initializer.scale`) without further ado.
public struct Specification: Sendable {
  /// The name under which the thing is registered.
  public var name: String
  /// Its configuration, without the name. Keys left out have the registered thing's defaults.
  public var configuration: ConfigurationObject
  /// Where it stood in what it was decoded from; empty for one made in code. Plays no part in comparisons.
  public var path: ConfigurationPath

  /// Creates a specification.
  public init(_ name: String, _ configuration: ConfigurationObject = [:], at path: ConfigurationPath = []) {
    self.name = name
    self.configuration = configuration
    self.path = path
  }

  /// Reads a specification from a string or an object with a `name`. The path is where `value` stands, for errors.
  public init(_ value: ConfigurationValue, at path: ConfigurationPath = []) throws(ConfigurationError) {
    switch value {
    case .string(let name): self.init(name, at: path)
    case .object(var object):
      guard let name = object["name"] else {
        throw ConfigurationError(.missing(expected: "the name of what is configured here"), at: path.appending("name"))
      }
      guard case .string(let text) = name else {
        throw ConfigurationError(.unexpected(expected: "a name", found: name.summary), at: path.appending("name"))
      }
      object["name"] = nil
      self.init(text, object, at: path)
    default:
      throw ConfigurationError(
        .unexpected(expected: "a name or an object with a \"name\"", found: value.summary), at: path)
    }
  }

  /// The specification as it is written in a file: the bare name where nothing is configured.
  public var value: ConfigurationValue {
    if configuration.isEmpty { return .string(name) }
    var object: ConfigurationObject = ["name": .string(name)]
    for (key, value) in configuration { object[key] = value }
    return .object(object)
  }
}

extension Specification: Equatable {
  /// Whether both mean the same, wherever they stood.
  public static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.configuration == b.configuration }
}

extension Specification: ExpressibleByStringLiteral {
  /// Creates a specification that configures nothing.
  public init(stringLiteral value: String) { self.init(value) }
}

extension Specification: Codable, FieldTypeProviding {
  /// A name, or an object with a name.
  public static var fieldType: FieldType { .specification(kind: nil) }

  /// Decodes a string or an object with a `name`. An object without a name changes keys of the default specification,
  /// if there is one.
  public init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? ConfigurationDecoder else {
      try self.init(ConfigurationValue(from: decoder))
      return
    }
    var value = try decoder.wholeValue(expected: Self.fieldType.description)
    if value.objectValue != nil, value["name"] == nil, let fallback = decoder.fallback {
      value = fallback.overlaid(with: value)
    }
    try self.init(value, at: decoder.path)
  }

  /// Encodes the specification as it is written in a file.
  public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
