/// The `tar` archive format: ustar (POSIX 1003.1), with the long names and sizes of pax and GNU tar.
///
/// ```swift
/// let archive = try Gzip.decode(FileBytes.read("cifar-10-binary.tar.gz"))
/// let files = try Tar.files(in: archive)
/// let first = archive[files[0].range]
/// ```
///
/// Layout: for each member a header of 512 bytes, then its contents, padded with zeros to a multiple of 512; at the end
/// blocks of zeros.
public enum Tar {
  /// A regular file in an archive.
  public struct File: Sendable, Hashable {
    /// The path inside the archive.
    public var name: String
    /// The range of its contents in the archive's bytes.
    public var range: Range<Int>
  }

  /// The regular files in an uncompressed archive; folders, links and devices are skipped.
  ///
  /// - Parameters:
  ///   - bytes: the archive, which is not copied.
  ///   - source: the name for error messages.
  /// - Returns: names and ranges, in the archive's order.
  /// - Throws: ``FormatError`` if a header's checksum is wrong, the archive is truncated, or a member is sparse or
  ///   continues on another volume.
  public static func files(in bytes: [UInt8], source: String = "tar archive") throws -> [File] {
    var reader = ByteReader(bytes, source: FormatSource(source))
    var files: [File] = []
    // What a header before a member says about it.
    var (longName, longSize): (String?, Int?)
    while true {
      let start = reader.position
      let block = try reader.take(blockSize, "a header or final block of zeros")
      if bytes[block].allSatisfy({ $0 == 0 }) { return files }
      let header = try TarHeader(bytes, at: start, reader.source)
      let size = longSize ?? header.size
      switch header.kind {
      case .file, .extended, .globalExtended, .longName:
        let contents = try reader.take(size, "the contents of '\(longName ?? header.name)'")
        try reader.skipToBlock()
        switch header.kind {
        case .extended:
          let records = try PaxRecords(bytes, in: contents, reader.source)
          longName = records.path ?? longName
          longSize = records.size ?? longSize
          continue
        case .longName:
          longName = String(decoding: bytes[contents].prefix { $0 != 0 }, as: UTF8.self)
          continue
        case .globalExtended: continue
        default: files.append(File(name: longName ?? header.name, range: contents))
        }
      case .longLink:
        _ = try reader.take(size, "the name of a link")
        try reader.skipToBlock()
        continue
      case .withoutContents: break
      }
      (longName, longSize) = (nil, nil)
    }
  }

  /// The bytes of a gzip-compressed archive, which is decompressed only if it begins with a member of an acceptable
  /// size.
  ///
  /// - Parameters:
  ///   - bytes: the compressed archive.
  ///   - source: the name for error messages.
  ///   - maximumByteCount: the maximum decompressed size.
  /// - Returns: the archive, for ``files(in:source:)``.
  /// - Throws: ``FormatError`` if the data is not an archive, is damaged, or exceeds the limit.
  public static func inflated(
    _ bytes: [UInt8], source: String = "tar archive", maximumByteCount: Int
  ) throws -> [UInt8] {
    let start = Gzip.beginning(of: bytes, count: blockSize)
    // Shorter data is not an archive, or damaged, which shows when it is read.
    if start.count == blockSize {
      let (header, source) = (try TarHeader(start, at: 0, FormatSource(source)), FormatSource(source))
      guard header.size <= maximumByteCount else {
        throw source.error(
          .tooLarge, expected: "members of at most \(maximumByteCount) bytes",
          found: "'\(header.name)' of \(header.size) bytes")
      }
    }
    return try Gzip.decode(bytes, source: source, maximumByteCount: maximumByteCount)
  }

  static let blockSize = 512
}

extension ByteReader {
  /// Skips the zeros after a member's contents.
  fileprivate mutating func skipToBlock() throws {
    let padding = (Tar.blockSize - position % Tar.blockSize) % Tar.blockSize
    _ = try take(padding, "the padding of a block")
  }
}
