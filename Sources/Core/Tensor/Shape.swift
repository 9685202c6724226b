/// The lengths of a tensor's axes: up to eight, stored inline, so that making and comparing shapes never allocates.
///
/// ```swift
/// let shape: Shape = [32, 28, 28, 1]
/// shape.rank           // 4
/// shape.elementCount   // 25088
/// shape[-1]            // negative axes count from the end: 1
/// ```
///
/// A shape is a collection of its dimensions. The empty shape `[]` is a scalar's and has one element.
public struct Shape: Sendable, ExpressibleByArrayLiteral, RandomAccessCollection {
  /// The greatest rank a tensor may have.
  public static let maximumRank = 8

  @usableFromInline var lengths: Inline8
  /// The number of axes.
  public private(set) var rank: Int

  /// A scalar's shape, `[]`.
  public init() {
    lengths = Inline8()
    rank = 0
  }

  /// A shape of the given dimensions. Traps on a negative one and on more than eight.
  public init(_ dimensions: some Sequence<Int>) {
    self.init()
    for dimension in dimensions { append(dimension) }
  }

  /// A shape of the given dimensions.
  public init(arrayLiteral dimensions: Int...) { self.init(dimensions) }

  /// The product of the dimensions: how many elements a tensor of this shape has; 1 for a scalar.
  ///
  /// Traps where it does not fit an `Int`; ``checkedElementCount`` tells that.
  public var elementCount: Int {
    var product = 1
    for axis in 0..<rank {
      let (value, overflow) = product.multipliedReportingOverflow(by: lengths[axis])
      if overflow { trap("a tensor of shape \(self) has more elements than can be counted") }
      product = value
    }
    return product
  }

  /// The product of the dimensions, or nil where it does not fit an `Int`: for shapes that come from outside.
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

  /// The position of the first axis.
  public var startIndex: Int { 0 }
  /// One past the last axis.
  public var endIndex: Int { rank }

  /// The length of an axis; a negative axis counts from the end.
  public subscript(axis: Int) -> Int {
    get {
      require(axis < rank && axis >= -rank, "axis \(axis) of the shape \(self): it has rank \(rank)")
      return lengths[axis < 0 ? axis + rank : axis]
    }
    set {
      require(axis < rank && axis >= -rank, "axis \(axis) of the shape \(self): it has rank \(rank)")
      require(newValue >= 0, "the dimension \(newValue) of a shape is negative")
      lengths[axis < 0 ? axis + rank : axis] = newValue
    }
  }

  /// Adds an axis at the end.
  public mutating func append(_ dimension: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(dimension >= 0, "the dimension \(dimension) of a shape is negative", file, line)
    require(rank < Shape.maximumRank, "a shape has at most \(Shape.maximumRank) axes", file, line)
    lengths[rank] = dimension
    rank += 1
  }

  /// The shape without one axis; a negative axis counts from the end.
  public func removing(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Shape {
    require(axis < rank && axis >= -rank, "axis \(axis) of the shape \(self): it has rank \(rank)", file, line)
    let axis = axis < 0 ? axis + rank : axis
    var result = Shape()
    for index in 0..<rank where index != axis { result.append(lengths[index]) }
    return result
  }

  /// The shape with an axis of the given length put at a place, which is the axis's own afterwards: −1 is the last.
  public func inserting(_ dimension: Int, at axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Shape {
    require(axis <= rank && axis >= -rank - 1, "an axis put at \(axis) of the shape \(self)", file, line)
    let axis = axis < 0 ? axis + rank + 1 : axis
    var result = Shape()
    for index in 0..<rank {
      if index == axis { result.append(dimension) }
      result.append(lengths[index])
    }
    if axis == rank { result.append(dimension) }
    return result
  }

  /// The shape two operands have in common by NumPy's rule (axes are matched from the last; lengths are equal or one of
  /// them is 1), or nil where there is none.
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
      // Beyond an Int only where another axis is empty, and nothing is ever found by the strides.
      step = step &* Swift.max(lengths[axis], 1)
      axis -= 1
    }
    return strides
  }

  /// The dimensions as memory for a kernel.
  package func withDimensions<Result>(_ body: (UnsafePointer<Int>) -> Result) -> Result {
    lengths.withPointer(body)
  }
}

extension Shape: Hashable, CustomStringConvertible {
  /// Equal ranks and dimensions.
  public static func == (left: Shape, right: Shape) -> Bool {
    guard left.rank == right.rank else { return false }
    for axis in 0..<left.rank where left.lengths[axis] != right.lengths[axis] { return false }
    return true
  }

  /// Hashes the dimensions.
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
