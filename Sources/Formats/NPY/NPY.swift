import AviaryCore

/// NumPy's format for a single array (`numpy.save`; NEP 1 and its versions 2.0 and 3.0).
///
/// ```swift
/// let images = try NPY.read("images.npy")       // numpy.save("images.npy", images)
/// try NPY.write(images, to: "copy.npy")         // numpy.load("copy.npy")
/// ```
///
/// All tensor types except bfloat16 are NumPy types. Both byte orders and both element orders are read; complex
/// numbers, strings, dates, records and Python objects are refused.
public enum NPY {
  /// The tensor in the bytes of an npy file.
  ///
  /// - Throws: ``FormatError``. Nothing is allocated before the announced size is found to match the file's.
  public static func decode(_ bytes: [UInt8], source: String = "npy data") throws -> Tensor {
    try decode(bytes, source: FormatSource(source))
  }

  public static func read(_ path: String) throws -> Tensor {
    try decode(FileBytes.read(path), source: path)
  }

  /// The bytes of an npy file, as `numpy.save` writes them for an array in C order.
  ///
  /// - Throws: ``FormatError`` for a bfloat16 tensor.
  public static func encode(_ tensor: Tensor) throws -> [UInt8] {
    guard let code = NPYHeader.code(of: tensor.dtype) else {
      throw FormatError(
        .unsupported, source: "npy", expected: "elements of a NumPy type", found: tensor.dtype.name,
        remedy: "cast(to: .float32) first")
    }
    var bytes = header(code, tensor.shape)
    bytes.reserveCapacity(bytes.count + tensor.spec.byteCount)
    tensor.appendStored(to: &bytes)
    return bytes
  }

  /// Writes an npy file atomically.
  public static func write(_ tensor: Tensor, to path: String) throws {
    try AtomicFile.write(encode(tensor), to: path)
  }

  static func decode(_ bytes: [UInt8], source: FormatSource) throws -> Tensor {
    var reader = ByteReader(bytes, source: source)
    let header = try NPYHeader(&reader)
    try header.checkNumbers(source)
    let range = try reader.take(header.byteCount, "the elements of \(TensorSpec(header.shape, header.dtype))")
    try reader.expectEnd(after: "the elements")
    // Fortran order is the row-major order of the reversed axes.
    let isReversed = header.isFortranOrder && header.shape.rank > 1
    let shape = isReversed ? Shape(header.shape.reversed()) : header.shape
    let stored = Tensor(
      stored: bytes, in: range, shape: shape, dtype: header.dtype, bigEndian: header.isBigEndian)
    return isReversed ? stored.transposed(axes: (0..<shape.rank).reversed()).contiguous() : stored
  }

  /// Version 1.0 with NumPy's padding: room for the first axis to grow to 21 digits in place, and a total divisible by
  /// 64.
  static func header(_ code: String, _ shape: Shape) -> [UInt8] {
    let dimensions = shape.map(String.init)
    let tuple = "(\(dimensions.joined(separator: ", "))\(shape.rank == 1 ? "," : ""))"
    var text = "{'descr': '\(code)', 'fortran_order': False, 'shape': \(tuple), }"
    if let first = dimensions.first { text += String(repeating: " ", count: 21 - first.count) }
    let fixed = NPYHeader.magic.count + 4
    let total = (fixed + text.utf8.count + 1 + 63) / 64 * 64
    text += String(repeating: " ", count: total - fixed - text.utf8.count - 1) + "\n"
    var bytes = NPYHeader.magic + [1, 0]
    bytes.append(integer: UInt16(text.utf8.count))
    return bytes + text.utf8
  }
}
