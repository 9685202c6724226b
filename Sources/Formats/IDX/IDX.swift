import AviaryCore

/// The format of the MNIST files (LeCun, Cortes, Burges): big-endian arrays of bytes, integers or floats, plain or
/// gzip-compressed.
///
/// ```swift
/// let images = try IDX.read("train-images-idx3-ubyte.gz")    // uint8[60000, 28, 28]
/// ```
///
/// Layout: two zeros, the type's code, the rank, a 32-bit length per axis, the elements in row-major order.
public enum IDX {
  /// The element types and their codes.
  private static let types: [(code: UInt8, dtype: DType)] = [
    (0x08, .uint8), (0x09, .int8), (0x0B, .int16), (0x0C, .int32), (0x0D, .float32), (0x0E, .float64),
  ]

  /// The tensor in the bytes of an IDX file, which may be gzip-compressed.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - source: the name for error messages.
  ///   - maximumByteCount: the maximum decompressed size, by default 4 GiB.
  /// - Returns: the tensor, with the file's type and shape.
  /// - Throws: ``FormatError``. For compressed data, reads the header first and decompresses only the size it
  ///   announces.
  public static func decode(
    _ bytes: [UInt8], source: String = "IDX data", maximumByteCount: Int = 1 << 32
  ) throws -> Tensor {
    if Gzip.isGzip(bytes) {
      return try decode(compressed: bytes, FormatSource(source), SystemLibrary.limit(maximumByteCount))
    }
    return try decode(plain: bytes, FormatSource(source))
  }

  public static func read(_ path: String, maximumByteCount: Int = 1 << 32) throws -> Tensor {
    try decode(FileBytes.read(path), source: path, maximumByteCount: maximumByteCount)
  }

  /// Zeros, type and rank, and a length per axis.
  private static let greatestHeaderCount = 4 + 4 * Shape.maximumRank

  /// The bytes of an IDX file.
  ///
  /// - Throws: ``FormatError`` for element types that the format lacks, and axes of 2³² elements or more.
  public static func encode(_ tensor: Tensor) throws -> [UInt8] {
    let source = FormatSource("IDX")
    guard let type = types.first(where: { $0.dtype == tensor.dtype }) else {
      throw source.error(
        .unsupported, expected: "elements of \(names)", found: tensor.dtype.name, remedy: "cast(to:) one of them first")
    }
    var bytes: [UInt8] = [0, 0, type.code, UInt8(tensor.rank)]
    for dimension in tensor.shape {
      guard let length = UInt32(exactly: dimension) else {
        throw source.error(.unsupported, expected: "axes of at most \(UInt32.max) elements", found: "\(dimension)")
      }
      bytes.append(integer: length, bigEndian: true)
    }
    bytes.reserveCapacity(bytes.count + tensor.spec.byteCount)
    tensor.appendStored(to: &bytes, bigEndian: true)
    return bytes
  }

  /// Writes an IDX file atomically, gzip-compressed if the path ends in `.gz`.
  public static func write(_ tensor: Tensor, to path: String) throws {
    let bytes = try encode(tensor)
    try AtomicFile.write(path.hasSuffix(".gz") ? Gzip.encode(bytes) : bytes, to: path)
  }

  /// Decompresses as many bytes as the header, read first, announces.
  private static func decode(compressed bytes: [UInt8], _ source: FormatSource, _ limit: Int) throws -> Tensor {
    let beginning = Gzip.beginning(of: bytes, count: greatestHeaderCount)
    // Shorter data is damaged, or a small file.
    guard beginning.count == greatestHeaderCount else {
      return try decode(plain: Gzip.decode(bytes, source: source.name, maximumByteCount: min(limit, 1 << 16)), source)
    }
    var reader = ByteReader(beginning, source: source)
    let header = try Header(&reader)
    guard header.fileByteCount <= limit else {
      throw source.error(
        .tooLarge, expected: "data of at most \(limit) bytes",
        found: "\(header.spec) of \(header.byteCount) bytes announced")
    }
    do {
      return try decode(
        plain: Gzip.decode(bytes, source: source.name, maximumByteCount: header.fileByteCount), source)
    } catch let error as FormatError where error.kind == .tooLarge {
      throw source.error(
        at: header.fileByteCount, expected: "the end of the data after the elements of \(header.spec)",
        found: "more bytes")
    }
  }

  private static func decode(plain bytes: [UInt8], _ source: FormatSource) throws -> Tensor {
    var reader = ByteReader(bytes, source: source)
    let header = try Header(&reader)
    let range = try reader.take(header.byteCount, "the elements of \(header.spec)")
    try reader.expectEnd(after: "the elements")
    return Tensor(stored: bytes, in: range, shape: header.spec.shape, dtype: header.spec.dtype, bigEndian: true)
  }

  private static var names: String { types.map(\.dtype.name).joined(separator: ", ") }
}

extension IDX {
  /// What a file states about its elements.
  private struct Header {
    let spec: TensorSpec
    /// The size of the elements in bytes.
    let byteCount: Int
    /// The size of header and elements in bytes.
    var fileByteCount: Int { 4 + 4 * spec.shape.rank + byteCount }

    /// Reads up to the first element.
    init(_ reader: inout ByteReader) throws {
      let zeros = try reader.integer(UInt16.self, "the magic number of IDX")
      let code = try reader.integer(UInt8.self, "the type of the elements")
      guard zeros == 0 else {
        throw reader.source.error(
          at: 0, expected: "an IDX file, which begins with two zeros", found: quoted(byte: UInt8(zeros & 0xFF)))
      }
      guard let type = IDX.types.first(where: { $0.code == code }) else {
        throw reader.source.error(at: 2, expected: "the code of \(IDX.names)", found: "the byte \(code)")
      }
      let rank = try reader.count(UInt8.self, "the number of axes")
      guard rank <= Shape.maximumRank else {
        throw reader.source.error(.unsupported, at: 3, expected: "at most \(Shape.maximumRank) axes", found: "\(rank)")
      }
      let dimensions = try (0..<rank).map { _ in try reader.count(UInt32.self, bigEndian: true, "an axis's length") }
      guard let count = checkedByteCount(of: dimensions, type.dtype) else {
        throw reader.source.error(at: 4, expected: "a shape that fits in memory", found: "\(dimensions)")
      }
      spec = TensorSpec(Shape(dimensions), type.dtype)
      byteCount = count
    }
  }
}
