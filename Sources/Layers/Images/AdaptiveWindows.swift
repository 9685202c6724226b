import AviaryAutograd
import AviaryCore

/// Windows that divide a length as evenly as possible into a given number, overlapping where necessary: window i is
/// ⌊i·length/count⌋ ..< ⌈(i + 1)·length/count⌉.
struct AdaptiveWindows {
  let length: Int
  let count: Int

  private func range(_ piece: Int) -> Range<Int> {
    (piece * length / count)..<(((piece + 1) * length + count - 1) / count)
  }

  /// Whether all windows have the same length and none overlap.
  var areEven: Bool { length % count == 0 }

  /// The maximum length of a window.
  var longest: Int { (0..<count).reduce(1) { max($0, range($1).count) } }

  /// The positions of all windows, each padded to the maximum length with its last position.
  var positions: Tensor {
    let longest = longest
    return Tensor(
      (0..<count).flatMap { piece in
        let range = range(piece)
        return (0..<longest).map { range.lowerBound + min($0, range.count - 1) }
      })
  }

  /// The weight of each position in the mean of its window: [count, longest].
  func weights(_ dtype: DType) -> Tensor {
    let longest = longest
    let all = (0..<count).flatMap { piece in
      let length = range(piece).count
      return (0..<longest).map { $0 < length ? 1 / Double(length) : 0 }
    }
    return Tensor(all).reshaped(to: [count, longest]).cast(to: dtype)
  }
}

extension Variable {
  /// Images pooled to a size by maximum.
  func maxPooled(to size: Size2D) -> Variable {
    let (rows, columns) = adaptiveWindows(size)
    var (images, window) = (self, Window2D(rows.longest, columns.longest))
    if !rows.areEven { images = images.gather(Variable(rows.positions), axis: 1) }
    if !columns.areEven { images = images.gather(Variable(columns.positions), axis: 2) }
    return images.maxPooled2D(window)
  }

  /// Images pooled to a size by mean.
  func averagePooled(to size: Size2D) -> Variable {
    let (rows, columns) = adaptiveWindows(size)
    if rows.areEven && columns.areEven { return averagePooled2D(Window2D(rows.longest, columns.longest)) }
    return averaged(rows, axis: 1).averaged(columns, axis: 2)
  }

  /// The means of windows along one axis.
  private func averaged(_ windows: AdaptiveWindows, axis: Int) -> Variable {
    var pieces = shape.inserting(windows.longest, at: axis + 1)
    pieces[axis] = windows.count
    if windows.areEven { return reshaped(to: pieces).mean(axes: [axis + 1]) }
    var weights = Shape([Int](repeating: 1, count: pieces.rank))
    (weights[axis], weights[axis + 1]) = (windows.count, windows.longest)
    let taken = gather(Variable(windows.positions), axis: axis).reshaped(to: pieces)
    return (taken * Variable(windows.weights(dtype).reshaped(to: weights))).sum(axes: [axis + 1])
  }

  private func adaptiveWindows(_ size: Size2D) -> (rows: AdaptiveWindows, columns: AdaptiveWindows) {
    (AdaptiveWindows(length: shape[1], count: size.height), AdaptiveWindows(length: shape[2], count: size.width))
  }
}

extension Window2D {
  /// Adjacent windows.
  fileprivate init(_ height: Int, _ width: Int) { self.init(height: height, width: width, strides: (height, width)) }
}
