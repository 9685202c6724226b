/// A subscript along one axis: a position, which removes the axis (negative positions count from the end), or a range
/// of positions, which keeps it.
public protocol AxisSelection {
  /// The first position and the count on an axis of the given length; a nil count removes the axis.
  func positions(of length: Int) -> (start: Int, count: Int?)
}

extension Int: AxisSelection {
  public func positions(of length: Int) -> (start: Int, count: Int?) { (self < 0 ? self + length : self, nil) }
}

extension Range<Int>: AxisSelection {
  public func positions(of length: Int) -> (start: Int, count: Int?) {
    let (count, overflow) = upperBound.subtractingReportingOverflow(lowerBound)
    return (lowerBound, overflow ? .max : count)
  }
}

extension ClosedRange<Int>: AxisSelection {
  public func positions(of length: Int) -> (start: Int, count: Int?) {
    let (steps, overflow) = upperBound.subtractingReportingOverflow(lowerBound)
    return (lowerBound, overflow || steps == .max ? .max : steps + 1)
  }
}

extension PartialRangeFrom<Int>: AxisSelection {
  public func positions(of length: Int) -> (start: Int, count: Int?) {
    // A range that starts before the axis gets an impossible count, so that it traps instead of selecting everything.
    (lowerBound, lowerBound < 0 ? .max : Swift.max(length - lowerBound, 0))
  }
}

extension PartialRangeUpTo<Int>: AxisSelection {
  public func positions(of length: Int) -> (start: Int, count: Int?) { (0, upperBound) }
}

extension PartialRangeThrough<Int>: AxisSelection {
  public func positions(of length: Int) -> (start: Int, count: Int?) { (0, upperBound == .max ? .max : upperBound + 1) }
}

extension TensorProtocol {
  /// The element at a position of the first axis, without that axis; negative positions count from the end. A view.
  public subscript(position: Int, file file: StaticString = #fileID, line line: UInt = #line) -> Self {
    require(rank > 0, "a scalar has no positions", file, line)
    require(
      position < shape[0] && position >= -shape[0], "there is no position \(position) on the first axis of \(spec)",
      file, line)
    let index = position < 0 ? position + shape[0] : position
    return slice(axis: 0, index..<(index + 1)).reshaped(to: shape.removing(axis: 0))
  }

  /// A part, with selections from the first axis on; axes without a selection stay whole. A view.
  ///
  /// ```swift
  /// images[0, 4..<8, 0...]     // rows 4 to 7 of the first image
  /// ```
  ///
  /// Traps if a position is outside its axis, and on more selections than axes.
  public subscript(first: any AxisSelection, others: any AxisSelection..., file file: StaticString = #fileID,
    line line: UInt = #line
  ) -> Self {
    let selections = [first] + others
    require(selections.count <= rank, "\(selections.count) selections are too many for \(spec)", file, line)
    var (starts, counts) = ([Int](repeating: 0, count: rank), shape.dimensions)
    var removed: Set<Int> = []
    for (axis, selection) in selections.enumerated() {
      let (start, count) = selection.positions(of: shape[axis])
      (starts[axis], counts[axis]) = (start, count ?? 1)
      if count == nil { removed.insert(axis) }
    }
    let part = slice(starts: starts, counts: counts, file: file, line: line)
    return part.reshaped(to: Shape((0..<rank).filter { !removed.contains($0) }.map { part.shape[$0] }))
  }
}
