/// What a subscript takes of one axis: a position, which removes the axis (a negative one counts from the end), or a range
/// of positions, which keeps it.
public protocol AxisSelection {
  /// The first position, and how many, of an axis of the given length; nil for the count removes the axis.
  func positions(of length: Int) -> (start: Int, count: Int?)
}

extension Int: AxisSelection {
  /// This position alone, without the axis.
  public func positions(of length: Int) -> (start: Int, count: Int?) { (self < 0 ? self + length : self, nil) }
}

extension Range<Int>: AxisSelection {
  /// The positions of the range.
  public func positions(of length: Int) -> (start: Int, count: Int?) {
    let (count, overflow) = upperBound.subtractingReportingOverflow(lowerBound)
    return (lowerBound, overflow ? .max : count)
  }
}

extension ClosedRange<Int>: AxisSelection {
  /// The positions of the range.
  public func positions(of length: Int) -> (start: Int, count: Int?) {
    let (steps, overflow) = upperBound.subtractingReportingOverflow(lowerBound)
    return (lowerBound, overflow || steps == .max ? .max : steps + 1)
  }
}

extension PartialRangeFrom<Int>: AxisSelection {
  /// The positions to the end of the axis; all with `0...`.
  public func positions(of length: Int) -> (start: Int, count: Int?) {
    // From before the axis on there is no such number of positions, and all of it is not meant.
    (lowerBound, lowerBound < 0 ? .max : Swift.max(length - lowerBound, 0))
  }
}

extension PartialRangeUpTo<Int>: AxisSelection {
  /// The positions from the start of the axis.
  public func positions(of length: Int) -> (start: Int, count: Int?) { (0, upperBound) }
}

extension PartialRangeThrough<Int>: AxisSelection {
  /// The positions from the start of the axis.
  public func positions(of length: Int) -> (start: Int, count: Int?) { (0, upperBound == .max ? .max : upperBound + 1) }
}

extension TensorProtocol {
  /// The element at a position of the first axis, without that axis; a negative position counts from the end. A view.
  public subscript(position: Int, file file: StaticString = #fileID, line line: UInt = #line) -> Self {
    require(rank > 0, "a position in a scalar", file, line)
    require(
      position < shape[0] && position >= -shape[0], "the position \(position) of the first axis of \(spec)", file, line)
    let index = position < 0 ? position + shape[0] : position
    return slice(axis: 0, index..<(index + 1)).reshaped(to: shape.removing(axis: 0))
  }

  /// A part, axis by axis from the first on; axes that are not named stay whole. A view.
  ///
  /// ```swift
  /// images[0, 4..<8, 0...]     // rows 4 to 7 of the first image
  /// ```
  ///
  /// Traps where a position lies outside its axis, and on more selections than axes.
  public subscript(first: any AxisSelection, others: any AxisSelection..., file file: StaticString = #fileID,
    line line: UInt = #line
  ) -> Self {
    let selections = [first] + others
    require(selections.count <= rank, "\(selections.count) selections of the axes of \(spec)", file, line)
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
