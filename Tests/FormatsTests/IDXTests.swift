import AviaryCore
import AviaryFormats
import Testing

@Suite struct IDXTests {
  @Test(arguments: try StoredFile.all("idx"))
  func readsAndWrites(_ file: StoredFile) throws {
    let tensor = try file.tensor()
    #expect(isIdentical(try IDX.read(file.path), tensor))
    let plain = file.name.hasSuffix(".gz") ? try Gzip.decode(file.bytes()) : try file.bytes()
    #expect(try IDX.encode(tensor) == plain)
    let folder = try TemporaryFolder()
    try IDX.write(tensor, to: folder.path(file.name))
    #expect(Gzip.isGzip(try FileBytes.read(folder.path(file.name))) == file.name.hasSuffix(".gz"))
    #expect(isIdentical(try IDX.read(folder.path(file.name)), tensor))
  }

  static let refused: [(bytes: [UInt8], words: String)] = [
    ([], "the end of the file"),
    ([0, 0, 8], "the number of axes"),
    ([1, 0, 8, 0], "two zeros"),
    ([0, 0, 0x0A, 1, 0, 0, 0, 0], "the code of uint8"),
    ([0, 0, 8, 9] + [UInt8](repeating: 0, count: 36), "at most 8 axes"),
    ([0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF], "4294967295 bytes"),
    ([0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12), "fits in memory"),
    ([0, 0, 8, 3, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8), "fits in memory"),
    ([0, 0, 0x0E, 1, 0, 0, 0, 1, 1, 2, 3], "only 3 more bytes"),
    ([0, 0, 8, 1, 0, 0, 0, 1, 1, 2], "1 more bytes"),
  ]

  @Test(arguments: refused)
  func malformed(_ bytes: [UInt8], _ words: String) throws {
    let error = try #require(refusal { try IDX.decode(bytes) })
    #expect(error.description.contains(words), "\(error)")
  }

  /// Compressed data is inflated only up to the size announced by the header, which is checked against the limit first.
  @Test func compressedDataAreWhatTheirHeaderAnnounces() throws {
    let header: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 4, 0, 0, 0, 10]
    let elements = (0..<40).map { UInt8($0) }
    #expect(try IDX.decode(Gzip.encode(header + elements)).shape == [4, 10])
    #expect(try IDX.decode(Gzip.encode([0, 0, 8, 1, 0, 0, 0, 1, 7])).item() == 7)
    let bomb = Gzip.encode(header + [UInt8](repeating: 0, count: 1 << 22))
    #expect(
      refusal { try IDX.decode(bomb) }?.expected == "the end of the data after the elements of uint8[4, 10]")
    #expect(refusal { try IDX.decode(Gzip.encode(header + elements.dropLast())) }?.found == "only 39 more bytes")
    let huge = Gzip.encode([0, 0, 8, 2, 0, 1, 0, 0, 0, 1, 0, 0] + elements)
    let error = try #require(refusal { try IDX.decode(huge, maximumByteCount: 1 << 20) })
    #expect(error.kind == .tooLarge && error.found == "uint8[65536, 65536] of 4294967296 bytes announced")
    // Damaged data is reported as such.
    #expect(
      refusal { try IDX.decode([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF]) }?.expected == "valid gzip data")
  }

  @Test func typesItLacks() {
    #expect(refusal { try IDX.encode(Tensor([1])) }?.found == "int64")
  }
}
