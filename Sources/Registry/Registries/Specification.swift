/// A registered thing and its configuration: `"adam"` or `{"name": "adam", "learningRate": 0.01}`.
///
/// Files use specifications for "an optimizer" or "an initializer". Registries make the thing itself, and every
/// registered thing can return its specification:
///
/// ```swift
/// let adam = try registries.make(.optimizer, Specification("adam", ["learningRate": 0.01]))
/// try Specification(describing: adam).value                     // {"name": "adam", "learningRate": 0.01}
/// ```
///
/// The key `name` is reserved.
///
/// A decoded specification remembers its path, so the error for a wrong value inside it names the whole path
/// (`initializer.scale`).
public struct Specification: Sendable {
  /// The registered name.
  public var name: String
  /// Its configuration, without the name. Missing keys have their defaults.
  public var configuration: ConfigurationObject
  /// Its path in what it was decoded from; empty if made in code. Ignored in comparisons.
  public var path: ConfigurationPath

  public init(_ name: String, _ configuration: ConfigurationObject = [:], at path: ConfigurationPath = []) {
    self.name = name
    self.configuration = configuration
    self.path = path
  }

  /// Reads a specification from a string or an object with a `name`. The path is the place of `value`, for errors.
  public init(_ value: ConfigurationValue, at path: ConfigurationPath = []) throws(ConfigurationError) {
    switch value {
    case .string(let name): self.init(name, at: path)
    case .object(var object):
      guard let name = object["name"] else {
        throw ConfigurationError(.missing(expected: "the name of what this configures"), at: path.appending("name"))
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

  /// The same specification at another path.
  public func standing(at path: ConfigurationPath) -> Self { Self(name, configuration, at: path) }

  /// The specification as written in a file: the bare name if nothing is configured.
  public var value: ConfigurationValue {
    if configuration.isEmpty { return .string(name) }
    var object: ConfigurationObject = ["name": .string(name)]
    for (key, value) in configuration { object[key] = value }
    return .object(object)
  }
}

/// Something represented in configurations by another thing's name, such as a layer made of an activation.
public protocol SpecificationProviding {
  /// Its specification, in full or without defaults.
  func specification(isComplete: Bool) throws -> Specification
}

extension Specification {
  /// The specification that makes an equal thing.
  ///
  /// - Parameters:
  ///   - thing: something ``Registrable``, or a product that provides its own specification.
  ///   - isComplete: whether to write every field at any depth, or only those that differ from their defaults.
  /// - Throws: `ConfigurationError` if it is neither, or one of its fields cannot be written.
  public init(describing thing: Any, isComplete: Bool = false) throws {
    if let thing = thing as? any SpecificationProviding {
      self = try thing.specification(isComplete: isComplete)
    } else if let thing = thing as? any Registrable {
      self.init(type(of: thing).name, try thing.configuration(isComplete: isComplete))
    } else {
      throw ConfigurationError(
        .invalid("\(type(of: thing)) cannot be written to a recipe because it is not registered"))
    }
  }
}

extension Specification: Equatable {
  /// Whether both mean the same, wherever they were decoded from.
  public static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.configuration == b.configuration }
}

extension Specification: ExpressibleByStringLiteral {
  /// A specification without a configuration.
  public init(stringLiteral value: String) { self.init(value) }
}
