import AviaryRegistry

/// Optimizer settings for groups of parameters, by name patterns in which * matches any characters.
///
/// ```json
/// "optimizer": {"name": "adamw", "learningRate": 1e-3, "weightDecay": 0.05},
/// "groups": {"*.bias": {"weightDecay": 0, "learningRate": 2e-3}}
/// ```
public struct ParameterGroups: FieldValue, Equatable {
  /// The changed settings of the optimizer, by pattern.
  public var changes: ConfigurationObject

  public init(_ changes: ConfigurationObject = [:]) { self.changes = changes }

  public static var fieldType: FieldType { .any }

  /// Reads the groups. Throws `ConfigurationError` if a group is not an object.
  public init(configurationValue value: ConfigurationValue) throws {
    guard let changes = value.objectValue else {
      throw ConfigurationError.unexpected("an object of the optimizer's settings by name patterns", value)
    }
    for (pattern, change) in changes {
      try ConfigurationError.locating(at: [.key(pattern)]) {
        guard let object = change.objectValue else {
          throw ConfigurationError.unexpected("an object of the optimizer's settings", change)
        }
        guard object["name"] == nil else {
          throw ConfigurationError(
            .invalid("all groups use the same optimizer; remove the name and give only settings"), at: "name")
        }
      }
    }
    self.changes = changes
  }

  public var configurationValue: ConfigurationValue { .object(changes) }

  /// The optimizer's configuration with a group's changes.
  func specification(_ optimizer: Specification, _ pattern: String) -> Specification {
    let changed = ConfigurationValue.object(optimizer.configuration).overlaid(with: changes[pattern] ?? .object([:]))
    return Specification(
      optimizer.name, changed.objectValue ?? optimizer.configuration, at: [.key("groups"), .key(pattern)])
  }
}
