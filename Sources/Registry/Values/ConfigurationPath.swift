/// A place in a configuration: `stages.0.optimizer.learningRate`.
///
/// Keys and indices are joined by dots. A key with a dot is valid in a file but cannot be addressed as text.
public struct ConfigurationPath: Sendable, Hashable {
  /// A step of a path.
  public enum Component: Sendable, Hashable {
    /// A key of an object.
    case key(String)
    /// An index of an array, from 0.
    case index(Int)
  }

  /// The steps from the outermost value inward.
  public var components: [Component]

  /// A path of steps; no steps mean the whole document.
  public init(_ components: [Component] = []) { self.components = components }

  /// Whether this is the whole document.
  public var isEmpty: Bool { components.isEmpty }

  /// The path extended by a key.
  public func appending(_ key: String) -> Self { Self(components + [.key(key)]) }

  /// The path extended by an index.
  public func appending(_ index: Int) -> Self { Self(components + [.index(index)]) }

  /// The path extended by another.
  public func appending(_ other: ConfigurationPath) -> Self { Self(components + other.components) }

  /// Parses text such as `stages.0.optimizer`; a whole number is an index.
  public init(parsing text: String) {
    self.init(
      text.split(separator: ".", omittingEmptySubsequences: false).map { part in
        if let index = Int(part), index >= 0, part.first != "+" { .index(index) } else { .key(String(part)) }
      })
    if text.isEmpty { components = [] }
  }
}

extension ConfigurationPath: ExpressibleByStringLiteral {
  /// Parses text such as `"stages.0.optimizer"`.
  public init(stringLiteral value: String) { self.init(parsing: value) }
}

extension ConfigurationPath: CustomStringConvertible {
  /// The steps, joined by dots.
  public var description: String {
    components.map { component in
      switch component {
      case .key(let key): key
      case .index(let index): String(index)
      }
    }.joined(separator: ".")
  }
}

extension ConfigurationPath: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Component...) { self.init(elements) }
}
