/// Why something cannot be registered.
public enum RegistrationError: Error, Equatable, Sendable {
  /// The name or alias is already taken in its kind.
  case duplicateName(kind: String, name: String)
  /// The name is not groups of lowercase letters and digits joined by `-` or `/`.
  case invalidName(kind: String, name: String)
  /// The kind's singular or plural belongs to another kind.
  case duplicateKind(name: String)
  /// The configuration has a field called `name`, which specifications reserve.
  case reservedField(kind: String, name: String)
  /// The defaults cannot be written as a configuration.
  case unusableDefaults(kind: String, name: String, reason: String)
}

extension RegistrationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .duplicateName(let kind, let name):
      "cannot register the \(kind) '\(name)': the name is taken; choose another, perhaps 'yours/\(name)'"
    case .invalidName(let kind, let name):
      "cannot register the \(kind) '\(name)': a name is groups of lowercase letters and digits joined by '-' or '/', "
        + "beginning with a letter"
    case .duplicateKind(let name): "two kinds are called '\(name)'"
    case .reservedField(let kind, let name):
      "cannot register the \(kind) '\(name)': its configuration has a field 'name', which is reserved"
    case .unusableDefaults(let kind, let name, let reason):
      "cannot register the \(kind) '\(name)': its defaults cannot be written: \(reason)"
    }
  }
}
