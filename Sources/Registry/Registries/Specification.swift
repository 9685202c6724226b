/// Something registered and how it is configured: `"adam"` or `{"name": "adam", "learningRate": 0.01}`.
///
/// Specifications are what files hold where they mean "an optimizer", "an initializer"; the registries make the thing
/// itself, and every registered thing gives its specification back:
///
///     let adam = try registries.make(.optimizer, Specification("adam", ["learningRate": 0.01]))
///     try Specification(describing: adam).value                     // {"name": "adam", "learningRate": 0.01}
///
/// The key `name` is reserved.
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

  /// The same specification, as it stands at a place.
  public func standing(at path: ConfigurationPath) -> Self { Self(name, configuration, at: path) }

  /// The specification as it is written in a file: the bare name where nothing is configured.
  public var value: ConfigurationValue {
    if configuration.isEmpty { return .string(name) }
    var object: ConfigurationObject = ["name": .string(name)]
    for (key, value) in configuration { object[key] = value }
    return .object(object)
  }
}

/// Something that stands in configurations by another thing's name, such as a layer made of an activation.
public protocol SpecificationProviding {
  /// Its specification; complete, or without what is as by default.
  func specification(isComplete: Bool) throws -> Specification
}

extension Specification {
  /// What makes an equal thing again.
  ///
  /// - Parameters:
  ///   - thing: something ``Registrable``, or a product that tells its specification itself.
  ///   - isComplete: whether to write every field, at any depth, or only those that differ from the defaults.
  /// - Throws: `ConfigurationError` where it is neither, or a field of it cannot be written.
  public init(describing thing: Any, isComplete: Bool = false) throws {
    if let thing = thing as? any SpecificationProviding {
      self = try thing.specification(isComplete: isComplete)
    } else if let thing = thing as? any Registrable {
      self.init(type(of: thing).name, try thing.configuration(isComplete: isComplete))
    } else {
      throw ConfigurationError(
        .invalid("\(type(of: thing)) cannot be written to a recipe, because it is not registered under a name"))
    }
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
