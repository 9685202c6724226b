import AviaryCore

/// The size of a tensor announced by a file, checked before anything is allocated.
///
/// The product counts an empty axis as one element, so the strides of an accepted shape also fit in an `Int`.
func checkedByteCount(of dimensions: [Int], _ dtype: DType) -> Int? {
  var product = dtype.byteCount
  for dimension in dimensions {
    guard dimension >= 0 else { return nil }
    let (value, overflow) = product.multipliedReportingOverflow(by: max(dimension, 1))
    if overflow { return nil }
    product = value
  }
  return dimensions.contains(0) ? 0 : product
}

extension Tensor {
  /// A tensor from row-major elements as stored in a file. `range` must hold exactly the tensor's bytes.
  ///
  /// Nonzero bytes of a bool become 1: kernels rely on it, and other programs' files do not guarantee it.
  init(stored bytes: [UInt8], in range: Range<Int>, shape: Shape, dtype: DType, bigEndian: Bool = false) {
    self.init(storedAs: dtype, shape, bigEndian: bigEndian) { target in
      bytes.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[range])) }
    }
  }

  /// A tensor whose row-major elements are written by `fill` as stored in a file.
  init(
    storedAs dtype: DType, _ shape: Shape, bigEndian: Bool = false,
    fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    self.init(uninitialized: shape, dtype)
    let target = UnsafeMutableRawBufferPointer(start: pointer, count: spec.byteCount)
    try fill(target)
    if dtype == .bool {
      for index in target.indices where target[index] > 1 { target[index] = 1 }
    } else if bigEndian {
      swapBytes(of: target, width: dtype.byteCount)
    }
  }

  /// Appends the elements in row-major order.
  func appendStored(to bytes: inout [UInt8], bigEndian: Bool = false) {
    let start = bytes.count
    withBytes { bytes.append(contentsOf: $0) }
    guard bigEndian else { return }
    bytes.withUnsafeMutableBytes { swapBytes(of: .init(rebasing: $0[start...]), width: dtype.byteCount) }
  }
}

/// Reverses the bytes of each element in place. Every supported machine is little-endian.
private func swapBytes(of buffer: UnsafeMutableRawBufferPointer, width: Int) {
  func swap<Word: FixedWidthInteger>(_ type: Word.Type) {
    for offset in stride(from: 0, to: buffer.count, by: width) {
      let word = buffer.loadUnaligned(fromByteOffset: offset, as: type)
      buffer.storeBytes(of: word.byteSwapped, toByteOffset: offset, as: type)
    }
  }
  switch width {
  case 2: swap(UInt16.self)
  case 4: swap(UInt32.self)
  case 8: swap(UInt64.self)
  default: break
  }
}
