/// Where in a configuration: `stages.0.optimizer.learningRate`.
///
/// Keys and positions are joined by dots; a key that holds a dot is possible in a file but cannot be addressed by text.
public struct ConfigurationPath: Sendable, Hashable {
  /// A step of a path.
  public enum Component: Sendable, Hashable {
    /// Into an object.
    case key(String)
    /// Into an array, counted from 0.
    case index(Int)
  }

  /// The steps from the outermost value inwards.
  public var components: [Component]

  /// Creates a path from its steps; none is the whole document.
  public init(_ components: [Component] = []) { self.components = components }

  /// Whether this is the whole document.
  public var isEmpty: Bool { components.isEmpty }

  /// The path one key further in.
  public func appending(_ key: String) -> Self { Self(components + [.key(key)]) }

  /// The path one array element further in.
  public func appending(_ index: Int) -> Self { Self(components + [.index(index)]) }

  /// The path that leads along `self` and from there along `other`.
  public func appending(_ other: ConfigurationPath) -> Self { Self(components + other.components) }

  /// Creates a path from text such as `stages.0.optimizer`; a whole number is a position.
  public init(parsing text: String) {
    self.init(
      text.split(separator: ".", omittingEmptySubsequences: false).map { part in
        if let index = Int(part), index >= 0, part.first != "+" { .index(index) } else { .key(String(part)) }
      })
    if text.isEmpty { components = [] }
  }
}

extension ConfigurationPath: ExpressibleByStringLiteral {
  /// Creates a path from text such as `"stages.0.optimizer"`.
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
  /// Creates a path from its steps.
  public init(arrayLiteral elements: Component...) { self.init(elements) }
}
