import AviaryRegistry

/// What the optimizer does otherwise with parameters of some names: its own keys, by patterns of names in which * stands for
/// any characters.
///
/// ```json
/// "optimizer": {"name": "adamw", "learningRate": 1e-3, "weightDecay": 0.05},
/// "groups": {"*.bias": {"weightDecay": 0, "learningRate": 2e-3}}
/// ```
public struct ParameterGroups: FieldValue, Equatable {
  /// The changes of the optimizer's configuration, by pattern.
  public var changes: ConfigurationObject

  /// Groups of parameters.
  public init(_ changes: ConfigurationObject = [:]) { self.changes = changes }

  /// An object of objects.
  public static var fieldType: FieldType { .any }

  /// Reads the groups. Throws `ConfigurationError` where a group is no object.
  public init(configurationValue value: ConfigurationValue) throws {
    guard let changes = value.objectValue else {
      throw ConfigurationError.unexpected("an object of the optimizer's keys by patterns of names", value)
    }
    for (pattern, change) in changes {
      try ConfigurationError.locating(at: [.key(pattern)]) {
        guard let object = change.objectValue else {
          throw ConfigurationError.unexpected("an object of the optimizer's keys", change)
        }
        guard object["name"] == nil else {
          throw ConfigurationError(
            .invalid("all groups are trained by the same rule; leave it out, and give its numbers"), at: "name")
        }
      }
    }
    self.changes = changes
  }

  /// The groups as an object.
  public var configurationValue: ConfigurationValue { .object(changes) }

  /// An optimizer's configuration with a group's changes.
  func specification(_ optimizer: Specification, _ pattern: String) -> Specification {
    let changed = ConfigurationValue.object(optimizer.configuration).overlaid(with: changes[pattern] ?? .object([:]))
    return Specification(
      optimizer.name, changed.objectValue ?? optimizer.configuration, at: [.key("groups"), .key(pattern)])
  }
}
