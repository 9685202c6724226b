import AviaryCore
import AviaryRegistry

/// The treatment of the ends of a sequence by a sliding window.
public enum Padding1D: Sendable, Hashable {
  /// Only windows inside the sequence.
  case valid
  /// ⌈steps / stride⌉ windows, with the missing steps split between both ends.
  case same
  /// Like `valid`, with a last window across the end if steps would be left over.
  case cover
  /// ⌈steps / stride⌉ windows, each ending at its own step, so that nothing sees the future.
  case causal
  /// A number of additional steps at each end.
  case border(Int)

  private static let names: [(name: String, padding: Padding1D)] = [
    ("valid", .valid), ("same", .same), ("cover", .cover), ("causal", .causal),
  ]

  /// The padding of a one-row image; causal padding is added separately.
  var inPlane: Window2D.Padding {
    switch self {
    case .valid, .causal: .valid
    case .same: .same
    case .cover: .cover
    case .border(let steps): .border(rows: 0, columns: steps)
    }
  }

  /// Throws `ConfigurationError` for a border out of range.
  func check() throws {
    guard case .border(let steps) = self else { return }
    try Check.that((0...65_535).contains(steps), "padding", "a border of 0 to 65535 steps", found: steps)
  }
}

extension Padding1D: FieldValue {
  /// A name or a whole number.
  public static var fieldType: FieldType { .either(.choice(names.map { .string($0.name) }), .integer) }

  /// Reads a name, or the number of steps at each end.
  public init(configurationValue value: ConfigurationValue) throws {
    if let (_, padding) = Self.names.first(where: { value.stringValue == $0.name }) {
      self = padding
    } else if let steps = value.integerValue, (0...65_535).contains(steps) {
      self = .border(steps)
    } else {
      let names = Self.names.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw ConfigurationError(
        .unexpected(expected: "\(names), or a whole number from 0 to 65535", found: value.json()))
    }
  }

  /// A name or a number.
  public var configurationValue: ConfigurationValue {
    if case .border(let steps) = self { return .integer(steps) }
    return .string(Self.names.first { $0.padding == self }?.name ?? "valid")
  }
}
