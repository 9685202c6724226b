/// The central directory of a zip archive (PKWARE's APPNOTE 6.3, sections 4.3.12 to 4.3.16).
struct ZipDirectory {
  static let localSignature: UInt32 = 0x0403_4B50
  static let entrySignature: UInt32 = 0x0201_4B50
  static let endSignature: UInt32 = 0x0605_4B50
  static let end64Signature: UInt32 = 0x0606_4B50
  static let locator64Signature: UInt32 = 0x0706_4B50

  /// The end record with the longest comment, preceded by the zip64 record and its locator.
  private static let greatestEndCount = 22 + 0xFFFF + 20 + 56

  private let bytes: [UInt8]
  private let source: FormatSource
  private let count: Int
  /// The directory's offset in the archive.
  private let offset: Int

  /// Finds the directory from the archive's end.
  init(_ archive: ByteSource, _ whole: FormatSource) throws {
    let start = max(0, archive.count - Self.greatestEndCount)
    let tail = try archive.bytes(start..<archive.count)
    let source = whole.from(start)
    guard let end = Self.endRecord(of: tail) else {
      let isZip = try archive.bytes(0..<min(2, archive.count)) == [0x50, 0x4B]
      throw whole.error(
        expected: "a zip archive, which ends with a directory",
        found: archive.count == 0 ? "an empty file" : "no directory at the end of its \(archive.count) bytes",
        remedy: isZip ? "the file may be truncated" : nil)
    }
    var reader = ByteReader(tail, in: end + 4..<tail.count, source: source)
    let disk = try reader.integer(UInt16.self, "a part's number")
    let startDisk = try reader.integer(UInt16.self, "a part's number")
    _ = try reader.take(2, "a number of members")
    var count = try reader.count(UInt16.self, "the number of members")
    var size = try reader.count(UInt32.self, "the directory's size")
    var offset = try reader.count(UInt32.self, "the directory's place")
    var limit = start + end
    guard disk == startDisk, disk == 0 || disk == 0xFFFF else {
      throw source.error(.unsupported, at: end, expected: "an archive in one part", found: "one of several")
    }
    if tail.starts(with: Self.signature(Self.locator64Signature), at: end - 20) {
      (count, size, offset, limit) = try Self.end64Record(of: tail, locator: end - 20, source)
    }
    guard offset <= limit, size == limit - offset else {
      throw source.error(
        at: end, expected: "a directory that reaches from its start to its end record",
        found: "\(size) bytes from byte \(offset), the end record at \(limit)")
    }
    // An entry takes at least 46 bytes, so a false count shows before anything of that size is allocated.
    guard count <= size / 46 else {
      throw source.error(at: end, expected: "a directory of \(count) members", found: "\(size) bytes")
    }
    bytes = try archive.bytes(offset..<limit)
    self.source = whole.from(offset)
    self.count = count
    self.offset = offset
  }

  /// All entries, in order; their extents precede the directory and do not overlap.
  func entries() throws -> [ZipArchive.Entry] {
    var reader = ByteReader(bytes, source: source)
    var entries: [ZipArchive.Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count { entries.append(try entry(&reader)) }
    guard reader.remaining == 0 else {
      throw source.error(
        at: reader.position, expected: "the end of the directory", found: "\(reader.remaining) more bytes")
    }
    var limit = 0
    for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
      // 30 bytes of header and the name come before the contents; extra fields may follow.
      let least = 30 + entry.name.utf8.count
      guard entry.headerOffset >= limit, entry.headerOffset <= offset - least,
        entry.compressedByteCount <= offset - least - entry.headerOffset
      else {
        throw source.member(entry.name).error(
          expected: "\(entry.compressedByteCount) bytes of its own before the directory",
          found: "its header at byte \(entry.headerOffset), the member before it up to byte \(limit), the directory at "
            + "byte \(offset)")
      }
      limit = entry.headerOffset + least + entry.compressedByteCount
    }
    return entries
  }

  private func entry(_ reader: inout ByteReader) throws -> ZipArchive.Entry {
    let start = reader.position
    let signature = try reader.integer(UInt32.self, "a directory entry")
    guard signature == Self.entrySignature else {
      throw source.error(
        at: start, expected: "a directory entry, which begins with 'PK' 1 2", found: hexadecimal(signature))
    }
    _ = try reader.take(4, "versions")
    let flags = try reader.integer(UInt16.self, "flags")
    let method = try reader.integer(UInt16.self, "the method")
    _ = try reader.take(4, "a time")
    let checksum = try reader.integer(UInt32.self, "a checksum")
    var sizes = ZipSizes(
      compressed: try reader.count(UInt32.self, "a size"), plain: try reader.count(UInt32.self, "a size"), offset: 0)
    let nameLength = try reader.count(UInt16.self, "a length")
    let extraLength = try reader.count(UInt16.self, "a length")
    let commentLength = try reader.count(UInt16.self, "a length")
    _ = try reader.take(8, "attributes")
    sizes.offset = try reader.count(UInt32.self, "a member's place")
    let nameRange = try reader.take(nameLength, "a member's name")
    guard let name = String(validating: bytes[nameRange], as: UTF8.self) else {
      throw source.error(.unsupported, at: nameRange.lowerBound, expected: "a name in UTF-8", found: "other bytes")
    }
    let member = source.inside(.byte(offset + start)).member(name)
    let extra = try reader.take(extraLength, "extra fields")
    try sizes.resolve(ByteReader(bytes, in: extra, source: source))
    _ = try reader.take(commentLength, "a comment")
    guard flags & 0x2041 == 0 else {
      throw member.error(.unsupported, expected: "no encryption", found: "an encrypted member")
    }
    guard let method = ZipArchive.Method(rawValue: method) else {
      throw member.error(
        .unsupported, expected: "a stored (0) or deflated (8) member", found: "compression \(method)",
        remedy: "save the arrays with numpy.savez or numpy.savez_compressed")
    }
    try sizes.check(method, member)
    return ZipArchive.Entry(
      name: name, method: method, byteCount: sizes.plain, compressedByteCount: sizes.compressed, checksum: checksum,
      headerOffset: sizes.offset)
  }

  /// The end record: the last one whose comment ends with the file.
  private static func endRecord(of bytes: [UInt8]) -> Int? {
    let record = 22
    let mark = signature(endSignature)
    var offset = bytes.count - record
    while offset >= max(0, bytes.count - record - 0xFFFF) {
      let comment = bytes.count - offset - record
      if bytes[offset] == mark[0], bytes.starts(with: mark, at: offset),
        Int(bytes[offset + 20]) | Int(bytes[offset + 21]) << 8 == comment
      {
        return offset
      }
      offset -= 1
    }
    return nil
  }

  /// The sizes of a zip64 archive: number of members, size and offset of the directory, offset of the record itself.
  private static func end64Record(
    of bytes: [UInt8], locator: Int, _ source: FormatSource
  ) throws -> (count: Int, size: Int, offset: Int, end: Int) {
    var reader = ByteReader(bytes, in: locator + 8..<bytes.count, source: source)
    let place = try reader.count(UInt64.self, "the end record's place")
    let start = place - source.origin
    guard start <= locator - 56, bytes.starts(with: signature(end64Signature), at: start) else {
      throw source.error(at: locator, expected: "the place of a zip64 end record", found: "\(place)")
    }
    reader = ByteReader(bytes, in: start + 24..<locator, source: source)
    _ = try reader.take(8, "a number of members")
    let count = try reader.count(UInt64.self, "the number of members")
    let size = try reader.count(UInt64.self, "the directory's size")
    let offset = try reader.count(UInt64.self, "the directory's place")
    return (count, size, offset, place)
  }

  private static func signature(_ value: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(integer: value)
    return bytes
  }
}

/// A member's sizes and offset, which a zip64 extra field may override.
struct ZipSizes {
  static let inExtraField = 0xFFFF_FFFF

  var compressed: Int
  var plain: Int
  var offset: Int

  /// Replaces values of all ones with those of the zip64 field.
  mutating func resolve(_ extra: ByteReader) throws {
    var extra = extra
    while extra.remaining >= 4 {
      let kind = try extra.integer(UInt16.self, "an extra field")
      let length = try extra.count(UInt16.self, "an extra field's length")
      let range = try extra.take(length, "an extra field")
      guard kind == 1 else { continue }
      var field = ByteReader(extra.bytes, in: range, source: extra.source)
      if plain == Self.inExtraField { plain = try field.count(UInt64.self, "a size") }
      if compressed == Self.inExtraField { compressed = try field.count(UInt64.self, "a size") }
      if offset == Self.inExtraField { offset = try field.count(UInt64.self, "a member's place") }
      return
    }
  }

  /// Throws if the extracted size is impossible for the compressed one.
  func check(_ method: ZipArchive.Method, _ source: FormatSource) throws {
    let greatest = method == .stored ? compressed : Deflate.greatestInflatedCount(of: compressed)
    guard plain <= greatest, method == .deflated || plain == compressed else {
      throw source.error(
        expected: "a size possible for \(compressed) \(method) bytes", found: "\(plain) bytes")
    }
  }
}
