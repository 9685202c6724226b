import AviaryCore

/// The size of a tensor that a file announces, checked before anything is made from it.
///
/// The product counts an empty axis as one element, so that the strides of an accepted shape fit an `Int` too.
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
  /// A tensor from row-major elements as a file stores them. `range` must hold exactly the tensor's bytes.
  ///
  /// Bytes of a bool other than 0 become 1: kernels rely on it, and other programs' files do not promise it.
  init(stored bytes: [UInt8], in range: Range<Int>, shape: Shape, dtype: DType, bigEndian: Bool = false) {
    self.init(storedAs: dtype, shape, bigEndian: bigEndian) { target in
      bytes.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[range])) }
    }
  }

  /// A tensor whose row-major elements `fill` writes as a file stores them.
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

/// Reverses the bytes of each element in place. Every machine that runs this is little-endian.
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
