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

  @Test func typesItLacks() {
    #expect(refusal { try IDX.encode(Tensor([1])) }?.found == "int64")
  }
}
