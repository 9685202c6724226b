/// The lengths of a tensor's axes, up to eight, stored inline so that making and comparing shapes never allocates.
///
/// ```swift
/// let shape: Shape = [32, 28, 28, 1]
/// shape.rank           // 4
/// shape.elementCount   // 25088
/// shape[-1]            // negative axes count from the end: 1
/// ```
///
/// A shape is a collection of its dimensions. The empty shape `[]` is that of a scalar, with one element.
public struct Shape: Sendable, ExpressibleByArrayLiteral, RandomAccessCollection {
  /// The maximum rank of a tensor.
  public static let maximumRank = 8

  @usableFromInline var lengths: Inline8
  /// The number of axes.
  public private(set) var rank: Int

  /// A scalar's shape, `[]`.
  public init() {
    lengths = Inline8()
    rank = 0
  }

  /// Traps on a negative dimension and on more than eight dimensions.
  public init(_ dimensions: some Sequence<Int>) {
    self.init()
    for dimension in dimensions { append(dimension) }
  }

  /// A shape of the given dimensions.
  public init(arrayLiteral dimensions: Int...) { self.init(dimensions) }

  /// The product of the dimensions, the number of elements of a tensor with this shape; 1 for a scalar.
  ///
  /// Traps if it overflows `Int`; see ``checkedElementCount``.
  public var elementCount: Int {
    var product = 1
    for axis in 0..<rank {
      let (value, overflow) = product.multipliedReportingOverflow(by: lengths[axis])
      if overflow { trap("a tensor of shape \(self) has too many elements") }
      product = value
    }
    return product
  }

  /// The product of the dimensions, or nil if it overflows `Int`, for shapes from external input.
  public var checkedElementCount: Int? {
    var product = 1
    for axis in 0..<rank {
      let (value, overflow) = product.multipliedReportingOverflow(by: lengths[axis])
      if overflow { return nil }
      product = value
    }
    return product
  }

  /// The dimensions as an array.
  public var dimensions: [Int] { Array(self) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { rank }

  /// The length of an axis; negative axes count from the end.
  public subscript(axis: Int) -> Int {
    get {
      require(axis < rank && axis >= -rank, "there is no axis \(axis) in the shape \(self) of rank \(rank)")
      return lengths[axis < 0 ? axis + rank : axis]
    }
    set {
      require(axis < rank && axis >= -rank, "there is no axis \(axis) in the shape \(self) of rank \(rank)")
      require(newValue >= 0, "a dimension must not be negative, but is \(newValue)")
      lengths[axis < 0 ? axis + rank : axis] = newValue
    }
  }

  /// Adds an axis at the end.
  public mutating func append(_ dimension: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(dimension >= 0, "a dimension must not be negative, but is \(dimension)", file, line)
    require(rank < Shape.maximumRank, "a shape has at most \(Shape.maximumRank) axes", file, line)
    lengths[rank] = dimension
    rank += 1
  }

  /// The shape without one axis; negative axes count from the end.
  public func removing(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Shape {
    require(axis < rank && axis >= -rank, "there is no axis \(axis) in the shape \(self) of rank \(rank)", file, line)
    let axis = axis < 0 ? axis + rank : axis
    var result = Shape()
    for index in 0..<rank where index != axis { result.append(lengths[index]) }
    return result
  }

  /// The shape with an axis of the given length inserted at a position; −1 appends it.
  public func inserting(_ dimension: Int, at axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Shape {
    require(axis <= rank && axis >= -rank - 1, "cannot insert an axis at \(axis) of the shape \(self)", file, line)
    let axis = axis < 0 ? axis + rank + 1 : axis
    var result = Shape()
    for index in 0..<rank {
      if index == axis { result.append(dimension) }
      result.append(lengths[index])
    }
    if axis == rank { result.append(dimension) }
    return result
  }

  /// The broadcast shape of two operands by NumPy's rule (axes are matched from the last; lengths are equal or one of
  /// them is 1), or nil if there is none.
  public func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    let rank = Swift.max(self.rank, other.rank)
    var result = Shape()
    for axis in 0..<rank {
      let left = axis - (rank - self.rank)
      let right = axis - (rank - other.rank)
      let a = left < 0 ? 1 : lengths[left]
      let b = right < 0 ? 1 : other.lengths[right]
      guard a == b || a == 1 || b == 1 else { return nil }
      result.append(a == 1 ? b : a)
    }
    return result
  }

  /// Row-major strides in elements.
  package var contiguousStrides: Inline8 {
    var strides = Inline8()
    var step = 1
    var axis = rank - 1
    while axis >= 0 {
      strides[axis] = step
      // Overflows only if another axis is empty, and then the strides are never used.
      step = step &* Swift.max(lengths[axis], 1)
      axis -= 1
    }
    return strides
  }

  /// The dimensions in memory for a kernel.
  package func withDimensions<Result>(_ body: (UnsafePointer<Int>) -> Result) -> Result {
    lengths.withPointer(body)
  }
}

extension Shape: Hashable, CustomStringConvertible {
  public static func == (left: Shape, right: Shape) -> Bool {
    guard left.rank == right.rank else { return false }
    for axis in 0..<left.rank where left.lengths[axis] != right.lengths[axis] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for axis in 0..<rank { hasher.combine(lengths[axis]) }
  }

  /// `[32, 28, 28, 1]`.
  public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}

extension Shape: Codable {
  /// Reads an array of at most eight non-negative numbers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let dimensions = try container.decode([Int].self)
    guard dimensions.count <= Shape.maximumRank, dimensions.allSatisfy({ $0 >= 0 }) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected at most 8 dimensions, none negative, found \(dimensions)")
    }
    self.init(dimensions)
  }

  /// Writes an array of numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }
}
