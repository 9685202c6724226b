import AviaryCore
import AviaryRegistry

/// Numbers of rows and columns at the four sides of an image: `2` on all sides, `[1, 3]` for rows at top and bottom and
/// columns left and right, or `[top, bottom, left, right]`.
public struct Margins2D: Sendable, Hashable {
  /// Rows above.
  public var top: Int
  /// Rows below.
  public var bottom: Int
  /// Columns on the left.
  public var left: Int
  /// Columns on the right.
  public var right: Int

  static let range = 0...65_535

  /// Traps unless all are in 0...65535.
  public init(
    top: Int, bottom: Int, left: Int, right: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      [top, bottom, left, right].allSatisfy(Self.range.contains),
      "the margins \(top), \(bottom), \(left) and \(right) must be in \(Self.range)", file, line)
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// The margins before and after each axis of an image.
  var axes: [Margins1D] { [Margins1D(top, bottom), Margins1D(left, right)] }
}

extension Margins2D: ExpressibleByIntegerLiteral {
  /// Equal margins on all sides.
  public init(integerLiteral width: Int) { self.init(top: width, bottom: width, left: width, right: width) }
}

extension Margins2D: FieldValue {
  /// One, two or four whole numbers.
  public static var fieldType: FieldType { .either(.integer, .array(.integer)) }

  /// Reads a whole number, `[rows, columns]`, or `[top, bottom, left, right]`.
  public init(configurationValue value: ConfigurationValue) throws {
    let given = value.arrayValue.map { $0.compactMap(\.integerValue) } ?? value.integerValue.map { [$0] } ?? []
    let isWhole = value.arrayValue.map { $0.count == given.count && $0.count != 1 } ?? true
    guard [1, 2, 4].contains(given.count), isWhole, given.allSatisfy(Self.range.contains) else {
      throw ConfigurationError(
        .unexpected(
          expected: "a whole number from 0 to 65535, [rows, columns], or [top, bottom, left, right] of such",
          found: value.json()))
    }
    switch given.count {
    case 4: self.init(top: given[0], bottom: given[1], left: given[2], right: given[3])
    default: self.init(top: given[0], bottom: given[0], left: given[given.count - 1], right: given[given.count - 1])
    }
  }

  /// The shortest form.
  public var configurationValue: ConfigurationValue {
    guard top == bottom, left == right else { return .array([top, bottom, left, right].map { .integer($0) }) }
    return top == left ? .integer(top) : .array([.integer(top), .integer(left)])
  }
}
