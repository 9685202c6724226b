import AviaryCore

/// An npz archive on disk whose arrays are read one by one on demand: nothing else is loaded, and an unreadable array
/// does not affect the others.
///
/// ```swift
/// let file = try NPZFile("digits.npz")
/// let images = try file.tensor(named: "x")
/// let kinds = try file.texts(named: "kind")        // NumPy types U and S
/// ```
public struct NPZFile: Sendable {
  /// An array as described by its header.
  package struct Item: Sendable {
    package enum Elements: Sendable, Equatable {
      case numbers(DType)
      case texts
    }
    package var elements: Elements
    package var shape: Shape

    /// `float32[4, 3]`, `strings[4]`.
    package var description: String {
      if case .numbers(let dtype) = elements { TensorSpec(shape, dtype).description } else { "strings\(shape)" }
    }

    /// Whether both have the same element type and row shape.
    package func fits(_ other: Item) -> Bool {
      elements == other.elements && shape.rank > 0 && other.shape.rank > 0
        && shape.removing(axis: 0) == other.shape.removing(axis: 0)
    }
  }

  /// The longest header to read; NumPy writes some hundred bytes.
  private static let greatestHeaderCount = 1 << 20

  /// Arrays larger than this may not grow more than ``greatestGrowth`` times when decompressed.
  static let trustedByteCount = 1 << 28
  /// Deflate reaches 1032 with zeros; data sets stay below 50.
  static let greatestGrowth = 200

  let archive: ZipArchive
  private let entries: [String: ZipArchive.Entry]
  private let limit: Int
  /// The arrays' names, in the archive's order.
  public let names: [String]
  /// The path, for messages.
  public var path: String { archive.source.name }

  /// Opens an archive and reads its directory.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - maximumByteCount: the maximum size of one array, by default 4 GiB or the file's size if larger. For an array
  ///     of more than 256 MiB the file must have at least one byte in 200, so a small file cannot fill the memory.
  /// - Throws: ``FormatError``.
  public init(_ path: String, maximumByteCount: Int = 1 << 32) throws {
    let bytes = try ByteSource(contentsOf: path)
    archive = try ZipArchive(bytes, FormatSource(path))
    limit = SystemLibrary.limit(max(maximumByteCount, bytes.count))
    let members = archive.entries.filter { $0.name.hasSuffix(".npy") }
    names = members.map { String($0.name.dropLast(4)) }
    entries = Dictionary(uniqueKeysWithValues: zip(names, members))
  }

  /// The header of the array with this name. Throws if there is none, or its contents cannot be read, such as Python
  /// objects.
  package func item(named name: String) throws -> Item {
    let header = try header(archive.reader(of: entry(named: name)))
    return Item(elements: header.textWidth == nil ? .numbers(header.dtype) : .texts, shape: header.shape)
  }

  /// The numeric array with this name.
  ///
  /// - Throws: ``FormatError`` naming the member. Its size is checked before anything is allocated.
  public func tensor(named name: String) throws -> Tensor {
    let reader = try archive.reader(of: entry(named: name))
    let header = try header(reader)
    try header.checkNumbers(reader.source)
    let isReversed = header.isFortranOrder && header.shape.rank > 1
    let shape = isReversed ? Shape(header.shape.reversed()) : header.shape
    let stored = try Tensor(storedAs: header.dtype, shape, bigEndian: header.isBigEndian) { try reader.read(into: $0) }
    try reader.finish()
    return isReversed ? stored.transposed(axes: (0..<shape.rank).reversed()).contiguous() : stored
  }

  /// The string array with this name, row by row, without padding zeros.
  ///
  /// - Throws: ``FormatError`` naming the member.
  public func texts(named name: String) throws -> [String] {
    let reader = try archive.reader(of: entry(named: name))
    let header = try header(reader)
    guard let width = header.textWidth else {
      throw reader.source.error(
        .unsupported, expected: "an array of strings", found: TensorSpec(header.shape, header.dtype).description)
    }
    let bytes = try reader.bytes(upTo: header.byteCount)
    try reader.finish()
    let count = width * header.dtype.byteCount
    return try (0..<header.shape.elementCount).map { row in
      let element = bytes[row * count..<(row + 1) * count]
      guard let text = header.dtype == .uint8 ? utf8(element) : utf32(element, header.isBigEndian) else {
        throw reader.source.error(expected: "text in Unicode", found: "other bytes in element \(row)")
      }
      return text
    }
  }

  func entry(named name: String) throws -> ZipArchive.Entry {
    guard let entry = entries[name] else {
      throw noSuchName(name, among: names, what: "an array", source: path)
    }
    return entry
  }

  /// Reads up to the first element, and checks that the elements fill the rest of the member.
  func header(_ reader: ZipMemberReader) throws -> NPYHeader {
    var bytes = try reader.bytes(upTo: 12)
    if bytes.starts(with: NPYHeader.magic), bytes.count == 12 {
      let isLong = bytes[6] > 1
      let length = isLong ? 8..<12 : 8..<10
      let count = bytes[length].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard count <= Self.greatestHeaderCount else {
        throw reader.source.error(
          .tooLarge, at: 8, expected: "a header of at most \(Self.greatestHeaderCount) bytes", found: "\(count)")
      }
      bytes += try reader.bytes(upTo: max(0, length.upperBound + count - 12))
    }
    var parser = ByteReader(bytes, source: reader.source)
    let header = try NPYHeader(&parser)
    guard header.byteCount == reader.remaining else {
      let spec = TensorSpec(header.shape, header.dtype)
      throw reader.source.error(
        at: bytes.count, expected: "the elements of \(spec) of \(header.byteCount) bytes",
        found: "\(reader.remaining) bytes")
    }
    guard header.byteCount <= limit else {
      throw reader.source.error(
        .tooLarge, expected: "an array of at most \(limit) bytes", found: "\(header.byteCount) bytes announced")
    }
    guard header.byteCount <= Self.trustedByteCount || reader.growth <= Self.greatestGrowth else {
      throw reader.source.error(
        .tooLarge, expected: "an array that grows at most \(Self.greatestGrowth) times when decompressed",
        found: "one of \(header.byteCount) bytes that grows \(reader.growth) times",
        remedy: "if it is meant to be so large, save it without compression, with numpy.savez")
    }
    return header
  }

  private func utf8(_ bytes: ArraySlice<UInt8>) -> String? {
    let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex
    return String(validating: bytes[bytes.startIndex..<end], as: UTF8.self)
  }

  private func utf32(_ bytes: ArraySlice<UInt8>, _ isBigEndian: Bool) -> String? {
    let codes = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { start in
      let code = bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return isBigEndian ? code.byteSwapped : code
    }
    let end = codes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
    return String(validating: codes[..<end], as: UTF32.self)
  }
}
