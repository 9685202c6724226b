import AviaryFormats
import Testing

@Suite struct ZipArchiveTests {
  static let text = Array(String(repeating: "a swift is a bird. ", count: 100).utf8)

  static func archive(isAlways64: Bool = false) throws -> [UInt8] {
    var writer = ZipWriter(isAlways64: isAlways64)
    try writer.append("deflated", text)
    try writer.append("stored", text, method: .stored)
    try writer.append("größe/leer", [])
    return writer.finished()
  }

  @Test(arguments: [false, true])
  func roundTrip(isAlways64: Bool) throws {
    let bytes = try Self.archive(isAlways64: isAlways64)
    let archive = try ZipArchive(bytes)
    #expect(archive.entries.map(\.name) == ["deflated", "stored", "größe/leer"])
    #expect(archive.entries.map(\.byteCount) == [1900, 1900, 0])
    #expect(archive.entries[0].compressedByteCount < 200)
    for name in ["deflated", "stored"] {
      #expect(try archive.contents(of: #require(archive[name])) == Self.text)
    }
    #expect(try archive.contents(of: #require(archive["größe/leer"])) == [])
    #expect(archive["none"] == nil)
    #expect(bytes.offset(of: .little(UInt32(0x0606_4B50))) == nil || isAlways64)
  }

  @Test func storedChecksumIsTheDefinedOne() throws {
    var writer = ZipWriter()
    try writer.append("x", Self.text, method: .stored)
    let bytes = writer.finished()
    #expect(Array(bytes[14..<18]) == .little(referenceCRC32(Self.text)))
  }

  @Test func namesAreUnique() throws {
    var writer = ZipWriter()
    try writer.append("x", [1])
    #expect(refusal { try writer.append("x", [2]) }?.places == [.member("x")])
    try writer.append("y", [2])
    let twice = writer.finished().map { $0 == UInt8(ascii: "y") ? UInt8(ascii: "x") : $0 }
    #expect(refusal { try ZipArchive(twice) }?.expected == "members with different names")
  }

  /// Offsets of the first member's fields in the directory.
  private func entry(_ bytes: [UInt8]) throws -> Int { try #require(bytes.offset(of: .little(UInt32(0x0201_4B50)))) }

  @Test func sizesThatLie() throws {
    let bytes = try Self.archive()
    let entry = try entry(bytes)
    // Extracted: a byte less, a byte more, more than deflate can give, and all ones without the field that would
    // replace them.
    for size in [1899, 1901] {
      let archive = try ZipArchive(bytes.replacing(.little(UInt32(size)), at: entry + 24))
      let error = try #require(refusal { try archive.contents(of: archive.entries[0]) })
      #expect(error.places.contains(.member("deflated")))
    }
    for size in [0x1000_0000, 0xFFFF_FFFF as UInt32] {
      let error = try #require(refusal { try ZipArchive(bytes.replacing(.little(size), at: entry + 24)) })
      #expect(error.expected.hasPrefix("a size possible for"))
    }
    // Compressed: beyond the directory.
    #expect(refusal { try ZipArchive(bytes.replacing(.little(UInt32(5000)), at: entry + 20)) } != nil)
  }

  @Test func whatIsNotSupportedSaysSo() throws {
    let bytes = try Self.archive()
    let entry = try entry(bytes)
    let encrypted = try #require(refusal { try ZipArchive(bytes.replacing([1], at: entry + 8)) })
    #expect(encrypted.kind == .unsupported && encrypted.found == "an encrypted member")
    let lzma = try #require(refusal { try ZipArchive(bytes.replacing([14], at: entry + 10)) })
    #expect(lzma.kind == .unsupported && lzma.found == "compression 14")
  }

  @Test func membersThatOverlapAreRefused() throws {
    var bytes = try Self.archive()
    let first = try entry(bytes)
    let second = try #require(bytes[(first + 4)...].indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    bytes = bytes.replacing(.little(UInt32(0)), at: second + 42)
    #expect(refusal { try ZipArchive(bytes) } != nil)
  }

  @Test func damagedContentsAreNoticed() throws {
    let bytes = try Self.archive()
    let content = try #require(bytes.offset(of: Array("a swift is".utf8)))
    let archive = try ZipArchive(bytes.replacing([0], at: content))
    #expect(refusal { try archive.contents(of: archive.entries[1]) }?.expected.contains("CRC-32") == true)
  }
}
