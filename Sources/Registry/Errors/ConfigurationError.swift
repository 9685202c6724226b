/// A configuration that cannot be used: which file, where in it, what was expected, what was found, the nearest remedy.
///
///     recipe.json: optimizer.learningRate: expected a positive number, found "fast"
///     recipe.json: optimizer.learningRat: unknown key; did you mean 'learningRate'? (known: learningRate, momentum)
///     recipe.json: optimizer: unknown optimizer 'adamm'; did you mean 'adam'? (known: adagrad, adam, sgd)
///
/// The path is relative to the value that was being read; whoever knows more prefixes it (`inside(_:)`) and adds the
/// file (`inSource(_:)`).
public struct ConfigurationError: Error, Equatable, Sendable {
  /// What is wrong at the path.
  public enum Problem: Equatable, Sendable {
    /// The key at the end of the path is none of the known ones.
    case unknownKey(known: [String])
    /// The key at the end of the path has no default and was not given.
    case missing(expected: String)
    /// The value is of a wrong type or out of range. `found` is as written in the file.
    case unexpected(expected: String, found: String)
    /// Nothing of this kind is registered by this name.
    case unknownName(kind: String, name: String, known: [String])
    /// Anything else, in a sentence.
    case invalid(String)
  }

  /// The file, where known.
  public var source: String?
  /// Where in the configuration.
  public var path: ConfigurationPath
  /// What is wrong there.
  public var problem: Problem

  /// Creates an error for a place in a configuration.
  public init(_ problem: Problem, at path: ConfigurationPath = [], source: String? = nil) {
    self.problem = problem
    self.path = path
    self.source = source
  }

  /// The same error seen from further out: `path` leads to where its own path begins.
  public func inside(_ path: ConfigurationPath) -> Self { Self(problem, at: path.appending(self.path), source: source) }

  /// The same error with the file it was found in, unless it names one already.
  public func inSource(_ source: String) -> Self { Self(problem, at: path, source: self.source ?? source) }
}

extension ConfigurationError {
  /// Runs `body`; an error in a configuration that leaves it is moved `inside(path)`.
  public static func locating<Result>(at path: ConfigurationPath, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ConfigurationError {
      throw error.inside(path)
    }
  }

  /// Runs `body`; an error in a configuration or its syntax that leaves it names `source`.
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
  /// One line: file, path, what is wrong.
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
