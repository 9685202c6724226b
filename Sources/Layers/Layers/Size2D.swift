import AviaryCore
import AviaryRegistry

/// A height and a width of windows or strides. One number means a square: `3` is `[3, 3]`.
public struct Size2D: Sendable, Hashable {
  /// The length along an image's first axis, downwards.
  public var height: Int
  /// The length along an image's second axis, to the right.
  public var width: Int

  /// Traps unless both are in 1...65536.
  public init(_ height: Int, _ width: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(
      Size2D.range.contains(height) && Size2D.range.contains(width),
      "the window or stride is \(height)×\(width), but both must be in \(Size2D.range)", file, line)
    self.height = height
    self.width = width
  }

  /// The limit catches mistakes and keeps areas from overflowing.
  static let range = 1...65_536

  var pair: (Int, Int) { (height, width) }
}

extension Size2D: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// A square.
  public init(integerLiteral side: Int) { self.init(side, side) }

  /// `[height, width]`. Traps on another number of elements.
  public init(arrayLiteral sides: Int...) {
    require(sides.count == 2, "a size is [height, width], not \(sides.count) numbers")
    self.init(sides[0], sides[1])
  }
}

extension Size2D: FieldValue, CustomStringConvertible {
  /// One or two whole numbers.
  public static var fieldType: FieldType { .either(.integer, .array(.integer)) }

  /// Reads a whole number, or `[height, width]`.
  public init(configurationValue value: ConfigurationValue) throws {
    let sides = value.arrayValue?.compactMap(\.integerValue) ?? value.integerValue.map { [$0, $0] } ?? []
    guard sides.count == 2, value.arrayValue?.count ?? 2 == 2, sides.allSatisfy(Size2D.range.contains) else {
      throw ConfigurationError(
        .unexpected(expected: "a whole number from 1 to 65536, or [height, width] of such", found: value.json()))
    }
    self.init(sides[0], sides[1])
  }

  /// One number for a square, otherwise two.
  public var configurationValue: ConfigurationValue {
    height == width ? .integer(height) : .array([.integer(height), .integer(width)])
  }

  /// `3×5`.
  public var description: String { "\(height)×\(width)" }
}
