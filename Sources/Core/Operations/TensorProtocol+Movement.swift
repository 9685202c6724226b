extension TensorProtocol {
  /// The same elements with another shape; one dimension may be −1 and is inferred. Traps if the element counts differ.
  public func reshaped(to dimensions: [Int], file: StaticString = #fileID, line: UInt = #line) -> Self {
    var shape = Shape(dimensions.map { Swift.max($0, 1) })
    for (axis, dimension) in dimensions.enumerated() where dimension >= 0 { shape[axis] = dimension }
    let unknown = dimensions.indices.filter { dimensions[$0] < 0 }
    if let axis = unknown.first {
      guard unknown.count == 1, dimensions[axis] == -1, let known = shape.checkedElementCount, known > 0,
        self.shape.elementCount % known == 0
      else {
        trap("reshape(\(spec)): cannot infer the dimension −1 of \(dimensions)", file, line)
      }
      shape[axis] = self.shape.elementCount / known
    }
    return reshaped(to: shape, file: file, line: line)
  }

  /// The same elements with another shape. Traps if the element counts differ.
  public func reshaped(to shape: Shape, file: StaticString = #fileID, line: UInt = #line) -> Self {
    shape == self.shape ? self : Self.applying(Reshaping(to: shape), self, file: file, line: line)
  }

  /// The elements as a vector.
  public func flattened() -> Self { reshaped(to: Shape([shape.elementCount])) }

  /// Inserts an axis of length 1.
  public func expandingDimension(at axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Self {
    reshaped(to: shape.inserting(1, at: axis, file: file, line: line))
  }

  /// Removes an axis of length 1.
  public func squeezed(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Self {
    reshaped(to: shape.removing(axis: axis, file: file, line: line), file: file, line: line)
  }

  /// Swaps the last two axes.
  public func transposed(file: StaticString = #fileID, line: UInt = #line) -> Self {
    guard rank >= 2 else { trap("transpose(\(spec)): it has fewer than two axes", file, line) }
    var axes = Array(0..<rank)
    axes.swapAt(rank - 1, rank - 2)
    return Self.applying(Permute(axes), self, file: file, line: line)
  }

  /// Reorders the axes: axis i of the result is axis `axes[i]` of this.
  public func transposed(axes: [Int], file: StaticString = #fileID, line: UInt = #line) -> Self {
    let permutation = Permute(axes.map { axis($0, "transpose", file, line) })
    return Self.applying(permutation, self, file: file, line: line)
  }

  /// Repeats to a larger shape by the broadcasting rule, without a copy.
  public func broadcast(to shape: Shape, file: StaticString = #fileID, line: UInt = #line) -> Self {
    shape == self.shape ? self : Self.applying(Broadcast(to: shape), self, file: file, line: line)
  }

  /// The positions `range` along one axis.
  public func slice(
    axis: Int, _ range: Range<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let axis = self.axis(axis, "slice", file, line)
    var starts = [Int](repeating: 0, count: rank)
    var counts = shape.dimensions
    starts[axis] = range.lowerBound
    counts[axis] = range.count
    return Self.applying(Slice(starts: starts, counts: counts), self, file: file, line: line)
  }

  /// A box with `starts`, `counts` and `steps` for each axis; negative steps go backwards.
  public func slice(
    starts: [Int], counts: [Int], steps: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { Self.applying(Slice(starts: starts, counts: counts, steps: steps), self, file: file, line: line) }

  /// Reverses an axis.
  public func reversed(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Self {
    let axis = self.axis(axis, "reverse", file, line)
    var starts = [Int](repeating: 0, count: rank)
    var steps = [Int](repeating: 1, count: rank)
    starts[axis] = Swift.max(shape[axis] - 1, 0)
    steps[axis] = -1
    return Self.applying(Slice(starts: starts, counts: shape.dimensions, steps: steps), self, file: file, line: line)
  }

  /// Pads each axis i with `before[i]` and `after[i]` elements of `value`.
  public func padded(
    before: [Int], after: [Int], value: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    guard before.count == rank, after.count == rank, (before + after).allSatisfy({ $0 >= 0 }) else {
      trap("pad(\(spec)): the padding \(before) before and \(after) after does not match its axes", file, line)
    }
    var target = shape
    for axis in 0..<rank {
      let (sum, overflow) = before[axis].addingReportingOverflow(after[axis])
      let (length, isTooLong) = sum.addingReportingOverflow(shape[axis])
      require(!overflow && !isTooLong, "pad(\(spec)): axis \(axis) would have a length beyond Int", file, line)
      target[axis] = length
    }
    let slice = Slice(starts: before, counts: shape.dimensions)
    return Self.applying(Embed(slice, in: target, value: value), self, file: file, line: line)
  }

  /// Concatenates values along an axis.
  public static func concatenate(
    _ values: [Self], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    guard let first = values.first else { trap("concatenate: there is nothing to concatenate", file, line) }
    let axis = first.axis(axis, "concatenate", file, line)
    return apply(Concatenate(axis: axis), to: values, file: file, line: line)[0]
  }

  /// Stacks values of one shape along a new axis.
  public static func stack(
    _ values: [Self], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    concatenate(values.map { $0.expandingDimension(at: axis) }, axis: axis, file: file, line: line)
  }

  /// Slices at the int64 `positions` along an axis.
  public func gather(_ positions: Self, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Self {
    let axis = self.axis(axis, "gather", file, line)
    return Self.applying(Gather(axis: axis), self, positions, file: file, line: line)
  }

  /// Zeros with length `length` along the axis, with this value's slices added at the int64 `positions`.
  public func scatterAdd(
    _ positions: Self, axis: Int = 0, length: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let axis = self.axis(axis, "scatterAdd", file, line)
    return Self.applying(ScatterAdd(axis: axis, length: length), self, positions, file: file, line: line)
  }

  /// The elements at the int64 `positions` along an axis, by default the last; all other axes must agree.
  public func gatherElements(
    _ positions: Self, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let axis = self.axis(axis, "gatherElements", file, line)
    let (x, places) = (exchangedWithLast(axis), positions.exchangedWithLast(axis))
    return Self.applying(GatherElements(), x, places, file: file, line: line).exchangedWithLast(axis)
  }

  /// Zeros with length `length` along an axis, by default the last, with this value's elements added at the int64
  /// `positions`.
  public func scatterElements(
    _ positions: Self, axis: Int = -1, length: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let axis = self.axis(axis, "scatterElements", file, line)
    let (x, places) = (exchangedWithLast(axis), positions.exchangedWithLast(axis))
    return Self.applying(ScatterElements(length: length), x, places, file: file, line: line).exchangedWithLast(axis)
  }

  /// One-hot encodes int64 labels.
  public func oneHot(
    classes: Int, dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { Self.applying(OneHot(classes: classes, dtype: dtype), self, file: file, line: line) }
}
