import AviaryAutograd
import AviaryCore

/// Windows that part a length into a given number of pieces as evenly as it goes, overlapping where they have to: piece i
/// is ⌊i·length/count⌋ ..< ⌈(i + 1)·length/count⌉.
struct AdaptiveWindows {
  let length: Int
  let count: Int

  private func range(_ piece: Int) -> Range<Int> {
    (piece * length / count)..<(((piece + 1) * length + count - 1) / count)
  }

  /// All pieces have the same length and none overlaps.
  var areEven: Bool { length % count == 0 }

  /// The greatest length of a piece.
  var longest: Int { (0..<count).reduce(1) { max($0, range($1).count) } }

  /// The positions of all pieces side by side, each filled up to the longest one's length with its last position.
  var positions: Tensor {
    let longest = longest
    return Tensor(
      (0..<count).flatMap { piece in
        let range = range(piece)
        return (0..<longest).map { range.lowerBound + min($0, range.count - 1) }
      })
  }

  /// The matrix [count, length] that takes the means of the pieces.
  func means(_ dtype: DType) -> Tensor {
    let rows = (0..<count).flatMap { piece in
      let range = range(piece)
      return (0..<length).map { range.contains($0) ? 1 / Double(range.count) : 0.0 }
    }
    return Tensor(rows).reshaped(to: [count, length]).cast(to: dtype)
  }
}

extension Variable {
  /// Images pooled to a size: the greatest elements of pieces.
  func maxPooled(to size: Size2D) -> Variable {
    let (rows, columns) = adaptiveWindows(size)
    var (images, window) = (self, Window2D(rows.longest, columns.longest))
    if !rows.areEven { images = images.gather(Variable(rows.positions), axis: 1) }
    if !columns.areEven { images = images.gather(Variable(columns.positions), axis: 2) }
    return images.maxPooled2D(window)
  }

  /// Images pooled to a size: the means of pieces.
  func averagePooled(to size: Size2D) -> Variable {
    let (rows, columns) = adaptiveWindows(size)
    if rows.areEven && columns.areEven { return averagePooled2D(Window2D(rows.longest, columns.longest)) }
    let (n, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let across = Variable(columns.means(dtype)).matmul(reshaped(to: [n * height, width, channels] as Shape))
    let down = Variable(rows.means(dtype)).matmul(across.reshaped(to: [n, height, size.width * channels] as Shape))
    return down.reshaped(to: [n, size.height, size.width, channels] as Shape)
  }

  private func adaptiveWindows(_ size: Size2D) -> (rows: AdaptiveWindows, columns: AdaptiveWindows) {
    (AdaptiveWindows(length: shape[1], count: size.height), AdaptiveWindows(length: shape[2], count: size.width))
  }
}

extension Window2D {
  /// Windows side by side.
  fileprivate init(_ height: Int, _ width: Int) { self.init(height: height, width: width, strides: (height, width)) }
}
