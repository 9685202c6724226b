import AviaryCore
import AviaryRegistry

extension Window2D.Padding: FieldValue {
  /// A name, or one or two whole numbers.
  public static var fieldType: FieldType {
    .either(.choice(names.map { .string($0.name) }), .either(.integer, .array(.integer)))
  }

  private static let names: [(name: String, padding: Window2D.Padding)] = [
    ("valid", .valid), ("same", .same), ("cover", .cover),
  ]

  /// Reads a name, the border's width, or `[rows, columns]`.
  public init(configurationValue value: ConfigurationValue) throws {
    let sides = value.arrayValue?.compactMap(\.integerValue) ?? value.integerValue.map { [$0, $0] } ?? []
    if let (_, padding) = Self.names.first(where: { value.stringValue == $0.name }) {
      self = padding
    } else if sides.count == 2, value.arrayValue?.count ?? 2 == 2, sides.allSatisfy((0...65_535).contains) {
      self = .border(rows: sides[0], columns: sides[1])
    } else {
      let names = Self.names.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw ConfigurationError(
        .unexpected(
          expected: "\(names), a whole number from 0 to 65535, or [rows, columns] of such", found: value.json()))
    }
  }

  /// Throws `ConfigurationError` for a border out of range.
  func check() throws {
    guard case .border(let rows, let columns) = self else { return }
    try Check.that(
      [rows, columns].allSatisfy((0...65_535).contains), "padding", "a border of 0 to 65535 rows and columns",
      found: "\(rows) rows and \(columns) columns")
  }

  /// A name, one number for equal borders, otherwise two.
  public var configurationValue: ConfigurationValue {
    if case .border(let rows, let columns) = self {
      return rows == columns ? .integer(rows) : .array([.integer(rows), .integer(columns)])
    }
    return .string(Self.names.first { $0.padding == self }?.name ?? "valid")
  }
}
