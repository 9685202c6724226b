/// The fields of a configuration, each with a default: a structure that can be created without arguments.
///
///     public struct Configuration: ConfigurationFields {
///       public var learningRate = 0.001
///       public var clip: Double?
///       public init() {}
///     }
///
/// Leave `Codable` to the compiler: a key that a document leaves out then has the value that `init()` gives it, a key
/// that is no field is refused, `null` empties an optional field. Structures of this kind may be fields of each other
/// and elements of arrays; the same rules hold inside. Values are checked later, in `Registrable.init(_:in:)`.
public protocol ConfigurationFields: Codable, Equatable, Sendable {
  /// Creates the configuration that nothing was said about.
  init()
}

/// The configuration of what has nothing to configure.
public struct EmptyConfiguration: ConfigurationFields {
  /// Creates the empty configuration.
  public init() {}
}
