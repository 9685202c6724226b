/// A zip archive in memory or in a file: its members by name, stored or deflated.
///
/// Reads archives from NumPy, Python's `zipfile`, Info-ZIP and the like, including zip64 and streamed members. Refuses
/// encryption, other compression methods, split archives, and members that overlap or share a name (which only occur in
/// attacks).
public struct ZipArchive: Sendable {
  /// How a member's bytes are stored.
  public enum Method: UInt16, Sendable {
    /// Uncompressed.
    case stored = 0
    /// Compressed (RFC 1951).
    case deflated = 8
  }

  /// A member as described by the archive's directory.
  public struct Entry: Sendable, Hashable {
    /// The path inside the archive, with forward slashes.
    public let name: String
    /// How its bytes are stored.
    public let method: Method
    /// The size once extracted, in bytes.
    public let byteCount: Int
    /// The size in the archive, in bytes.
    public let compressedByteCount: Int
    let checksum: UInt32
    let headerOffset: Int
  }

  /// The members in the order of the archive's directory.
  public let entries: [Entry]
  let bytes: ByteSource
  let source: FormatSource
  private let places: [String: Int]

  /// Reads an archive's directory.
  ///
  /// - Parameters:
  ///   - bytes: the whole archive.
  ///   - source: the name for error messages.
  ///   - maximumByteCount: the maximum total size that members may announce, by default 4 GiB.
  /// - Throws: ``FormatError``.
  public init(_ bytes: [UInt8], source: String = "zip archive", maximumByteCount: Int = 1 << 32) throws {
    try self.init(ByteSource(bytes), FormatSource(source))
    var total = 0
    let limit = SystemLibrary.limit(maximumByteCount)
    for entry in entries {
      let (sum, overflow) = total.addingReportingOverflow(entry.byteCount)
      guard !overflow, sum <= limit else {
        throw self.source.member(entry.name).error(
          .tooLarge, expected: "members of at most \(limit) bytes together",
          found: "\(entry.byteCount) bytes announced here")
      }
      total = sum
    }
  }

  /// Reads only the directory.
  init(_ bytes: ByteSource, _ source: FormatSource) throws {
    let entries = try ZipDirectory(bytes, source).entries()
    var places: [String: Int] = [:]
    for (index, entry) in entries.enumerated() {
      guard places.updateValue(index, forKey: entry.name) == nil else {
        throw source.error(expected: "members with different names", found: "two named \(quoted(entry.name))")
      }
    }
    self.bytes = bytes
    self.source = source
    self.entries = entries
    self.places = places
  }

  /// The member with the given name, or nil.
  public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// Extracts a member and checks its CRC-32.
  ///
  /// - Throws: ``FormatError`` if the member is damaged. It never grows beyond the announced size.
  public func contents(of entry: Entry) throws -> [UInt8] {
    let reader = try reader(of: entry)
    let contents = try reader.bytes(upTo: entry.byteCount)
    try reader.finish()
    return contents
  }

  /// Reads a member in chunks.
  func reader(of entry: Entry) throws -> ZipMemberReader {
    ZipMemberReader(entry, at: try dataRange(of: entry), of: bytes, source.member(entry.name))
  }

  /// The range of a member's bytes, according to its own header, which must agree with the directory.
  private func dataRange(of entry: Entry) throws -> Range<Int> {
    let member = source.inside(.byte(entry.headerOffset)).member(entry.name)
    let start = entry.headerOffset
    let header = try bytes.bytes(start..<min(start + Self.greatestHeaderCount, bytes.count))
    var reader = ByteReader(header, source: source.from(start))
    let signature = try reader.integer(UInt32.self, "a member's header")
    guard signature == ZipDirectory.localSignature else {
      throw member.error(
        expected: "a member's header, which begins with 'PK' 3 4",
        found: hexadecimal(signature))
    }
    _ = try reader.take(4, "version and flags")
    let method = try reader.integer(UInt16.self, "the method")
    _ = try reader.take(16, "time, checksum and sizes")
    let nameLength = try reader.count(UInt16.self, "a length")
    let extraLength = try reader.count(UInt16.self, "a length")
    let name = try reader.take(nameLength, "the member's name")
    guard method == entry.method.rawValue, header[name].elementsEqual(entry.name.utf8) else {
      throw member.error(
        expected: "the name and method that the directory gives",
        found: "\(quoted(String(decoding: header[name], as: UTF8.self))), method \(method)")
    }
    _ = try reader.take(extraLength, "extra fields")
    let first = start + reader.position
    guard entry.compressedByteCount <= bytes.count - first else {
      throw source.error(
        at: first, expected: "the contents of \(quoted(entry.name)) of \(entry.compressedByteCount) bytes",
        found: "only \(bytes.count - first) more bytes")
    }
    return first..<first + entry.compressedByteCount
  }

  /// Fixed fields, a name and extra fields.
  private static let greatestHeaderCount = 30 + 2 * 0xFFFF
}

func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}
