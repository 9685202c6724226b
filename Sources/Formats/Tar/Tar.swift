/// The archive format of `tar`: ustar (POSIX 1003.1), with the long names and sizes of pax and of GNU tar.
///
/// ```swift
/// let archive = try Gzip.decode(FileBytes.read("cifar-10-binary.tar.gz"))
/// let files = try Tar.files(in: archive)
/// let first = archive[files[0].range]
/// ```
///
/// Layout: for each member a header of 512 bytes, then its contents, filled up with zeros to a multiple of 512; at the
/// end blocks of zeros.
public enum Tar {
  /// A regular file of an archive.
  public struct File: Sendable, Hashable {
    /// The path inside the archive.
    public var name: String
    /// Where in the archive's bytes its contents are.
    public var range: Range<Int>
  }

  /// The regular files of an uncompressed archive; folders, links and devices are left out.
  ///
  /// - Parameters:
  ///   - bytes: the archive. Nothing of it is copied.
  ///   - source: the name in error messages.
  /// - Returns: names and places, in the archive's order.
  /// - Throws: ``FormatError`` where a header's checksum is wrong, the archive is cut short, or a member is sparse or
  ///   continued on another volume.
  public static func files(in bytes: [UInt8], source: String = "tar archive") throws -> [File] {
    var reader = ByteReader(bytes, source: FormatSource(source))
    var files: [File] = []
    // What a header before a member says of it.
    var (longName, longSize): (String?, Int?)
    while true {
      let start = reader.position
      let block = try reader.take(blockSize, "a header, or a block of zeros at the archive's end,")
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

  /// The bytes of an archive in gzip, which is inflated only where it begins with a member that may be as long as it says.
  ///
  /// - Parameters:
  ///   - bytes: the compressed archive.
  ///   - source: the name in error messages.
  ///   - maximumByteCount: the most bytes that it may become.
  /// - Returns: the archive, for ``files(in:source:)``.
  /// - Throws: ``FormatError`` where the data are no archive, damaged, or become more.
  public static func inflated(
    _ bytes: [UInt8], source: String = "tar archive", maximumByteCount: Int
  ) throws -> [UInt8] {
    let start = Gzip.beginning(of: bytes, count: blockSize)
    // What is shorter is no archive, or damaged, and told when it is read.
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
  /// Passes over the zeros after a member's contents.
  fileprivate mutating func skipToBlock() throws {
    let padding = (Tar.blockSize - position % Tar.blockSize) % Tar.blockSize
    _ = try take(padding, "the filling of a block")
  }
}
