import AviaryCore
import AviaryRegistry

extension Window2D.Padding: Codable, FieldTypeProviding {
  /// A name, a whole number or two.
  public static var fieldType: FieldType {
    .either(.choice(names.map { .string($0.name) }), .either(.integer, .array(.integer)))
  }

  private static let names: [(name: String, padding: Window2D.Padding)] = [
    ("valid", .valid), ("same", .same), ("cover", .cover),
  ]

  /// Reads a name, the border's width, or `[rows, columns]`.
  public init(from decoder: any Decoder) throws {
    let value = try ConfigurationValue(from: decoder)
    let sides = value.arrayValue?.compactMap(\.integerValue) ?? value.integerValue.map { [$0, $0] } ?? []
    if let (_, padding) = Self.names.first(where: { value.stringValue == $0.name }) {
      self = padding
    } else if sides.count == 2, value.arrayValue?.count ?? 2 == 2, sides.allSatisfy((0...65_535).contains) {
      self = .border(rows: sides[0], columns: sides[1])
    } else {
      let names = Self.names.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw ConfigurationError(
        .unexpected(
          expected: "\(names), a whole number from 0 to 65535, or [rows, columns] of such", found: value.json()),
        at: ConfigurationPath(of: decoder))
    }
  }

  /// Writes a name, or one number for a border of the same width everywhere, else two.
  public func encode(to encoder: any Encoder) throws {
    if let (name, _) = Self.names.first(where: { $0.padding == self }) {
      try name.encode(to: encoder)
    } else if case .border(let rows, let columns) = self {
      if rows == columns { try rows.encode(to: encoder) } else { try [rows, columns].encode(to: encoder) }
    }
  }
}

extension ConfigurationPath {
  /// Where a decoder stands.
  init(of decoder: any Decoder) {
    self.init(
      decoder.codingPath.map { key in key.intValue.map(Component.index) ?? .key(key.stringValue) })
  }
}
