/// An unusable configuration: the file, the path in it, what was expected, what was found, and a remedy.
///
/// ```
/// recipe.json: optimizer.learningRate: expected a positive number, found "fast"
/// recipe.json: optimizer.learningRat: unknown key; did you mean 'learningRate'? (known: learningRate, momentum)
/// recipe.json: optimizer: unknown optimizer 'adamm'; did you mean 'adam'? (known: adagrad, adam, sgd)
/// ```
///
/// The path is relative to the value being read; callers prefix their own (`inside(_:)`) and add the file
/// (`inSource(_:)`).
public struct ConfigurationError: Error, Equatable, Sendable {
  /// The problem at the path.
  public enum Problem: Equatable, Sendable {
    /// The last key of the path is unknown.
    case unknownKey(known: [String])
    /// The last key of the path is required but missing.
    case missing(expected: String)
    /// The value has the wrong type or is out of range. `found` is as written in the file.
    case unexpected(expected: String, found: String)
    /// No such name is registered for this kind.
    case unknownName(kind: String, name: String, known: [String])
    /// Anything else, as a sentence.
    case invalid(String)
  }

  /// The file, if known.
  public var source: String?
  /// The path in the configuration.
  public var path: ConfigurationPath
  public var problem: Problem

  public init(_ problem: Problem, at path: ConfigurationPath = [], source: String? = nil) {
    self.problem = problem
    self.path = path
    self.source = source
  }

  /// The same error with `path` prefixed to its own path.
  public func inside(_ path: ConfigurationPath) -> Self { Self(problem, at: path.appending(self.path), source: source) }

  /// The same error with the file, unless it already names one.
  public func inSource(_ source: String) -> Self { Self(problem, at: path, source: self.source ?? source) }
}

extension ConfigurationError {
  /// Runs `body`, prefixing `path` to the configuration errors it throws.
  public static func locating<Result>(at path: ConfigurationPath, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ConfigurationError {
      throw error.inside(path)
    }
  }

  /// Runs `body`, adding `source` to the configuration and syntax errors it throws.
  public static func locating<Result>(in source: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ConfigurationError {
      throw error.inSource(source)
    } catch let error as ConfigurationSyntaxError {
      throw error.source == nil ? error.inSource(source) : error
    }
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// One line: file, path, problem.
  public var description: String {
    let place = [source, path.isEmpty ? nil : path.description].compactMap { $0 }
    return (place + [reason]).joined(separator: ": ")
  }

  private var reason: String {
    switch problem {
    case .unknownKey(let known):
      if case .key(let key)? = path.components.last {
        "unknown key; " + Suggestion.hint(for: key, known: known)
      } else {
        "unknown key"
      }
    case .missing(let expected): "missing; expected \(expected)"
    case .unexpected(let expected, let found): "expected \(expected), found \(found)"
    case .unknownName(let kind, let name, let known):
      "unknown \(kind) '\(name)'; " + Suggestion.hint(for: name, known: known)
    case .invalid(let reason): reason
    }
  }
}
