import AviaryCore
import AviaryRegistry

/// Steps at the two ends of a sequence: `2` at both, or `[before, after]`.
public struct Margins1D: Sendable, Hashable {
  /// Steps before the first one.
  public var before: Int
  /// Steps after the last one.
  public var after: Int

  /// Margins. Traps unless both are in 0...65535.
  public init(_ before: Int, _ after: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(
      Margins2D.range.contains(before) && Margins2D.range.contains(after),
      "margins of \(before) and \(after); both are in \(Margins2D.range)", file, line)
    self.before = before
    self.after = after
  }
}

extension Margins1D: ExpressibleByIntegerLiteral {
  /// The same at both ends.
  public init(integerLiteral steps: Int) { self.init(steps, steps) }
}

extension Margins1D: FieldValue {
  /// A whole number or two.
  public static var fieldType: FieldType { .either(.integer, .array(.integer)) }

  /// Reads a whole number, or `[before, after]`.
  public init(configurationValue value: ConfigurationValue) throws {
    let ends = value.arrayValue?.compactMap(\.integerValue) ?? value.integerValue.map { [$0, $0] } ?? []
    guard ends.count == 2, value.arrayValue?.count ?? 2 == 2, ends.allSatisfy(Margins2D.range.contains) else {
      throw ConfigurationError(
        .unexpected(expected: "a whole number from 0 to 65535, or [before, after] of such", found: value.json()))
    }
    self.init(ends[0], ends[1])
  }

  /// One number where both ends have as many, else two.
  public var configurationValue: ConfigurationValue {
    before == after ? .integer(before) : .array([.integer(before), .integer(after)])
  }
}
