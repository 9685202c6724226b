import AviaryFormats
import Testing

@Suite struct TarTests {
  private static let archives = (try? StoredFile.all("tar")) ?? []

  private func archive(_ name: String) throws -> [UInt8] {
    try Gzip.decode(StoredFile.bytes("tar/\(name).tar.gz"))
  }

  @Test func theyAreThere() { #expect(Self.archives.count == 10) }

  @Test(arguments: archives)
  func filesAreFound(_ stored: StoredFile) throws {
    let bytes = try Gzip.decode(stored.bytes())
    let files = try Tar.files(in: bytes)
    let expected = try #require(stored.contents["files"]?.arrayValue)
    #expect(files.map(\.name) == expected.compactMap { $0["name"]?.stringValue })
    #expect(files.map(\.range.count) == expected.compactMap { $0["count"]?.integerValue })
    let digests = files.map { SHA256.hexadecimal(of: Array(bytes[$0.range])) }
    #expect(digests == expected.compactMap { $0["sha256"]?.stringValue })
  }

  /// Data that does not begin as an archive, or with a member that is too long, is not inflated.
  @Test func compressedArchivesAreLookedAtFirst() throws {
    for stored in Self.archives {
      let bytes = try stored.bytes()
      #expect(try Tar.inflated(bytes, maximumByteCount: 1 << 20) == Gzip.decode(bytes))
    }
    let ustar = try StoredFile.bytes("tar/ustar.tar.gz")
    #expect(refusal { try Tar.inflated(ustar, maximumByteCount: 600) }?.kind == .tooLarge)
    let zeros = Gzip.encode([UInt8](repeating: 0, count: 1 << 22))
    #expect(
      refusal { try Tar.inflated(zeros, maximumByteCount: 1 << 30) }?.expected == "a header whose bytes add up to 0")
  }

  @Test(arguments: archives)
  func cutAnywhere(_ stored: StoredFile) throws {
    let bytes = try Gzip.decode(stored.bytes())
    let end = try #require(bytes.lastIndex { $0 != 0 })
    for count in stride(from: 0, through: end, by: 7) {
      #expect(refusal { try Tar.files(in: Array(bytes[..<count]), source: "cut") }?.source == "cut", "\(count) bytes")
    }
  }

  /// Every bit of a header is under its checksum; contents are not.
  @Test(arguments: ["ustar", "gnu-long", "pax-long"])
  func damagedHeaders(_ name: String) throws {
    let bytes = try archive(name)
    for place in 0..<512 {
      let damaged = bytes.replacing([bytes[place] ^ 0x04], at: place)
      // Blanks around the checksum's digits do not matter.
      guard !(148..<156).contains(place) else { continue }
      #expect(refusal { try Tar.files(in: damaged) } != nil, "byte \(place)")
    }
  }

  /// A header with another field, and the checksum that belongs to it.
  private func changed(_ bytes: [UInt8], _ field: String, at place: Int) -> [UInt8] {
    var result = bytes.replacing(Array(field.utf8), at: place)
    result.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
    let sum = String(result[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
    result.replaceSubrange(148..<(148 + sum.utf8.count), with: Array(sum.utf8))
    return result
  }

  @Test func whatCannotBeRead() throws {
    let bytes = try archive("ustar")
    let sparse = try #require(refusal { try Tar.files(in: changed(bytes, "S", at: 156)) })
    #expect(sparse.kind == .unsupported && sparse.found == "a member of type the character \"S\"")
    #expect(
      refusal { try Tar.files(in: changed(bytes, "0000000100x", at: 124)) }?.expected
        == "a member's size in octal digits")
    let large = try #require(refusal { try Tar.files(in: changed(bytes, "77777777777", at: 124)) })
    #expect(large.expected.contains("of 8589934591 bytes"))
    let negative = bytes.replacing([0xFF] + [UInt8](repeating: 0xFF, count: 11), at: 124)
    #expect(refusal { try Tar.files(in: negative) } != nil)
    let huge = bytes.replacing([0x80] + [UInt8](repeating: 0x7F, count: 11), at: 124)
    #expect(refusal { try Tar.files(in: huge) } != nil)
    #expect(refusal { try Tar.files(in: []) } != nil)
    #expect(refusal { try Tar.files(in: [UInt8](repeating: 0x20, count: 1024)) } != nil)
    #expect(try Tar.files(in: [UInt8](repeating: 0, count: 512)).isEmpty)
  }

  @Test func damagedRecords() throws {
    let bytes = try archive("pax-records")
    let record = try #require(bytes.offset(of: Array("path=".utf8))) - 3
    for text in ["99", " 9", "0 ", "x ", "3 "] {
      #expect(
        refusal { try Tar.files(in: bytes.replacing(Array(text.utf8), at: record)) }?.expected
          == "a record 'LENGTH KEY=VALUE'")
    }
  }
}
