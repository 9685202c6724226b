import AviaryCore

/// An array in a file that is read row by row along its first axis, so that it need not fit into memory.
///
/// ```swift
/// let rows = try NPY.rows(of: "images.npy")
/// while let some = try rows.next(1000) { … }       // uint8[1000, 28, 28]
/// ```
///
/// An array in Fortran order is read as a whole, because its rows are not contiguous.
public final class ArrayRows {
  /// The array's shape, with at least one axis.
  public let shape: Shape
  /// The elements' type.
  public let dtype: DType
  /// The number of rows read so far.
  public private(set) var position = 0

  private let isBigEndian: Bool
  private let whole: Tensor?
  private let read: (UnsafeMutableRawBufferPointer) throws -> Void
  private let finish: () throws -> Void

  /// - Parameters:
  ///   - header: the header of a numeric array.
  ///   - source: the name in errors.
  ///   - read: fills a buffer with the next bytes.
  ///   - finish: checks what follows the last byte.
  ///   - whole: reads the array as a whole.
  /// - Throws: ``FormatError`` if the elements are not numbers, or the array is a scalar.
  init(
    _ header: NPYHeader, _ source: FormatSource, read: @escaping (UnsafeMutableRawBufferPointer) throws -> Void,
    finish: @escaping () throws -> Void, whole: () throws -> Tensor
  ) throws {
    try header.checkNumbers(source)
    guard header.shape.rank > 0 else {
      throw source.error(expected: "an array of rows", found: "the scalar \(TensorSpec(header.shape, header.dtype))")
    }
    (shape, dtype, isBigEndian) = (header.shape, header.dtype, header.isBigEndian)
    (self.read, self.finish) = (read, finish)
    self.whole = header.isFortranOrder && header.shape.rank > 1 ? try whole() : nil
  }

  /// The next rows, at most `count`, which must be at least 1; nil after the last row.
  ///
  /// - Throws: ``FormatError`` if the file is damaged.
  public func next(_ count: Int) throws -> Tensor? {
    let range = position..<min(position + max(count, 1), shape[0])
    guard !range.isEmpty else { return nil }
    position = range.upperBound
    if let whole { return whole[range] }
    var some = shape
    some = some.removing(axis: 0).inserting(range.count, at: 0)
    let rows = try Tensor(storedAs: dtype, some, bigEndian: isBigEndian, fill: read)
    if position == shape[0] { try finish() }
    return rows
  }
}

extension NPY {
  /// The longest header to read; NumPy writes some hundred bytes.
  private static let greatestHeaderCount = 1 << 20

  /// Opens the array of an npy file to read it row by row.
  ///
  /// - Throws: ``FormatError`` if it is not numeric, or longer or shorter than its header says.
  public static func rows(of path: String) throws -> ArrayRows {
    let bytes = try ByteSource(contentsOf: path)
    let source = FormatSource(path)
    let beginning = try bytes.bytes(0..<min(bytes.count, greatestHeaderCount))
    var reader = ByteReader(beginning, source: source)
    let header = try NPYHeader(&reader)
    let start = reader.position
    guard bytes.count - start == header.byteCount else {
      throw source.error(
        at: start, expected: "the elements of \(TensorSpec(header.shape, header.dtype)) of \(header.byteCount) bytes",
        found: "\(bytes.count - start) bytes")
    }
    var position = start
    return try ArrayRows(
      header, source,
      read: { target in
        try bytes.read(from: position, into: target)
        position += target.count
      }, finish: {}, whole: { try NPY.read(path) })
  }
}

extension NPZFile {
  /// Opens the numeric array with this name to read it row by row.
  ///
  /// - Throws: ``FormatError`` naming the member.
  public func rows(named name: String) throws -> ArrayRows {
    let reader = try archive.reader(of: entry(named: name))
    return try ArrayRows(
      header(reader), reader.source, read: reader.read, finish: reader.finish, whole: { try tensor(named: name) })
  }
}
