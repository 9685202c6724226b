/// The five predictions of a row from its neighbors (section 9 of the specification).
enum PNGFilter: UInt8, CaseIterable {
  case none = 0
  case sub = 1
  case up = 2
  case average = 3
  case paeth = 4

  /// Decodes a stored row into samples, in place. `above` has the row's length; zeros are above the first row.
  func undo(_ row: UnsafeMutableBufferPointer<UInt8>, above: UnsafeBufferPointer<UInt8>, step: Int) {
    guard self != .none else { return }
    for index in row.indices {
      let left = index < step ? 0 : row[index - step]
      let corner = index < step ? 0 : above[index - step]
      row[index] &+= prediction(left, above[index], corner)
    }
  }

  /// Encodes samples into a row to store.
  func apply(
    _ row: UnsafeBufferPointer<UInt8>, above: UnsafeBufferPointer<UInt8>, step: Int,
    into target: UnsafeMutableBufferPointer<UInt8>
  ) {
    for index in row.indices {
      let left = index < step ? 0 : row[index - step]
      let corner = index < step ? 0 : above[index - step]
      target[index] = row[index] &- prediction(left, above[index], corner)
    }
  }

  @inline(__always)
  private func prediction(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
    switch self {
    case .none: return 0
    case .sub: return left
    case .up: return up
    case .average: return UInt8((Int(left) + Int(up)) / 2)
    case .paeth:
      let (a, b, c) = (Int(left), Int(up), Int(corner))
      let estimate = a + b - c
      let (toA, toB, toC) = (abs(estimate - a), abs(estimate - b), abs(estimate - c))
      return toA <= toB && toA <= toC ? left : toB <= toC ? up : corner
    }
  }
}
