import AviaryCore
import AviaryRegistry

/// Numbers of steps at the two ends of a sequence: `2` at both, or `[before, after]`.
public struct Margins1D: Sendable, Hashable {
  /// Steps before the first one.
  public var before: Int
  /// Steps after the last one.
  public var after: Int

  /// Traps unless both are in 0...65535.
  public init(_ before: Int, _ after: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(
      Margins2D.range.contains(before) && Margins2D.range.contains(after),
      "the margins \(before) and \(after) must be in \(Margins2D.range)", file, line)
    self.before = before
    self.after = after
  }
}

extension Margins1D: ExpressibleByIntegerLiteral {
  /// Equal margins at both ends.
  public init(integerLiteral steps: Int) { self.init(steps, steps) }
}

extension Margins1D: FieldValue {
  /// One or two whole numbers.
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

  /// One number for equal ends, otherwise two.
  public var configurationValue: ConfigurationValue {
    before == after ? .integer(before) : .array([.integer(before), .integer(after)])
  }
}
