import AviaryCore
import AviaryFormats
import Testing

@Suite struct PNGTests {
  @Test(arguments: try StoredFile.all("png"))
  func readsAndWrites(_ file: StoredFile) throws {
    let expected = try file.tensor()
    #expect(isIdentical(try PNG.read(file.path), expected))
    for level in [0, 6] { #expect(isIdentical(try PNG.decode(PNG.encode(expected, level: level)), expected)) }
  }

  @Test func filtersMakeFilesSmaller() throws {
    let ramp = Tensor((0..<64 * 64).map { UInt8(truncatingIfNeeded: $0 % 64 * 3 + $0 / 64) }, shape: [64, 64])
    let bytes = try PNG.encode(ramp)
    #expect(bytes.count < 300)
    #expect(isIdentical(try PNG.decode(bytes), ramp.reshaped(to: [64, 64, 1])))
  }

  @Test func whatCannotBeWritten() {
    for tensor in [
      Tensor.zeros([3, 3]), Tensor.zeros([3], dtype: .uint8), Tensor.zeros([3, 3, 5], dtype: .uint8),
      Tensor.zeros([0, 3], dtype: .uint8), Tensor.zeros([1, 3, 3, 1], dtype: .uint8),
    ] {
      #expect(refusal { try PNG.encode(tensor) }?.kind == .unsupported)
    }
  }

  static func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let body = kind.utf8 + data
    return .big(UInt32(data.count)) + body + .big(referenceCRC32(body))
  }

  static func header(_ width: UInt32, _ height: UInt32, bits: UInt8 = 8, color: UInt8 = 0, rest: [UInt8] = [0, 0, 0])
    -> [UInt8]
  {
    chunk("IHDR", .big(width) + .big(height) + [bits, color] + rest)
  }

  /// A zlib stream of stored blocks.
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    let (a, b) = bytes.reduce((UInt32(1), UInt32(0))) { sums, byte in
      let a = (sums.0 + UInt32(byte)) % 65521
      return (a, (sums.1 + a) % 65521)
    }
    let count = UInt16(bytes.count)
    return [0x78, 0x01, 1] + .little(count) + .little(~count) + bytes + .big(b << 16 | a)
  }

  static func file(_ chunks: [UInt8]...) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunks.joined() + chunk("IEND", [])
  }

  @Test func transparentColorsBecomeAlpha() throws {
    let gray = Self.file(
      Self.header(2, 1), Self.chunk("tRNS", [0, 7]), Self.chunk("IDAT", Self.zlib([0, 7, 8])))
    #expect(isIdentical(try PNG.decode(gray), Tensor([7, 0, 8, 255] as [UInt8], shape: [1, 2, 2])))
    let color = Self.file(
      Self.header(2, 1, color: 2), Self.chunk("tRNS", [0, 1, 0, 2, 0, 3]),
      Self.chunk("IDAT", Self.zlib([0, 1, 2, 3, 1, 2, 4])))
    #expect(isIdentical(try PNG.decode(color), Tensor([1, 2, 3, 0, 1, 2, 4, 255] as [UInt8], shape: [1, 2, 4])))
    let deep = Self.file(
      Self.header(2, 1, bits: 16), Self.chunk("tRNS", [1, 7]), Self.chunk("IDAT", Self.zlib([0, 1, 7, 0, 7])))
    #expect(isIdentical(try PNG.decode(deep), Tensor([263, 0, 7, 65535] as [UInt16], shape: [1, 2, 2])))
  }

  @Test func twoBitsAPixel() throws {
    let bytes = Self.file(Self.header(5, 1, bits: 2), Self.chunk("IDAT", Self.zlib([0, 0b00_01_10_11, 0b10_00_00_00])))
    #expect(isIdentical(try PNG.decode(bytes), Tensor([0, 85, 170, 255, 170] as [UInt8], shape: [1, 5, 1])))
  }

  static let pixel = chunk("IDAT", zlib([0, 7]))

  static let refused: [(bytes: [UInt8], words: String)] = [
    ([], "an empty file"),
    (Array("GIF89a".utf8), "89 'PNG'"),
    (file(pixel), "the chunk IHDR"),
    (file(header(1, 1)), "the chunk IDAT"),
    (file(header(0, 1), pixel), "a size from 1"),
    (file(header(1, 0x8000_0000), pixel), "a size from 1"),
    (file(header(0x7FFF_FFFF, 0x7FFF_FFFF), pixel), "pixels of at most"),
    (file(header(0x7FFF_FFFF, 0x7FFF_FFFF, bits: 16, color: 6), pixel), "pixels of at most"),
    (file(header(30000, 30000), pixel), "can become 30000 × 30000"),
    (file(header(1, 1, bits: 3), pixel), "type 0, 3 bits"),
    (file(header(1, 1, bits: 4, color: 2), pixel), "type 2, 4 bits"),
    (file(header(1, 1, color: 5), pixel), "type 5"),
    (file(header(1, 1, rest: [0, 0, 2]), pixel), "interlacing"),
    (file(header(1, 1, rest: [1, 0, 0]), pixel), "compression 0"),
    (file(header(1, 1, color: 3), pixel), "PLTE"),
    (file(header(1, 1, color: 3), chunk("PLTE", [1, 2]), pixel), "3 bytes"),
    (file(header(1, 1, bits: 1, color: 3), chunk("PLTE", [UInt8](repeating: 0, count: 9)), pixel), "1 to 2 colors"),
    (file(header(1, 1, color: 3), chunk("PLTE", [1, 2, 3]), pixel), "a palette of 1 colors, found 7"),
    (file(header(1, 1, color: 3), chunk("PLTE", [1, 2, 3]), chunk("tRNS", [1, 2]), pixel), "transparency"),
    (file(header(1, 1, color: 6), chunk("tRNS", [1, 2]), pixel), "transparency"),
    (file(header(1, 1), pixel, chunk("tEXt", []), pixel), "one run"),
    (file(header(1, 1), chunk("QUUX", []), pixel), "a known chunk"),
    (file(header(1, 1), chunk("a1bc", []), pixel), "four letters"),
    (file(header(1, 1), chunk("IDAT", zlib([5, 7]))), "a row's filter from 0 to 4, found 5"),
    (file(header(1, 1), chunk("IDAT", zlib([0]))), "deflated data of 2 bytes"),
    (file(header(1, 1), chunk("IDAT", zlib([0, 7, 7]))), "deflated data of 2 bytes"),
    (file(header(1, 1), chunk("IDAT", zlib([0, 7]) + [0])), "1 more bytes"),
    (file(header(1, 1), chunk("IDAT", zlib([0, 7]).dropLast())), "deflated data of 2 bytes, found its end"),
    (file(header(1, 1), chunk("IDAT", zlib([0, 7]).dropLast() + [0])), "incorrect data check"),
    (Array(file(header(1, 1), pixel).dropLast(12)), "the end of the file"),
  ]

  @Test(arguments: refused)
  func malformed(_ bytes: [UInt8], _ words: String) throws {
    let error = try #require(refusal { try PNG.decode(bytes, source: "x.png") })
    #expect(error.description.hasPrefix("x.png: "))
    #expect(error.description.contains(words), "\(error)")
  }

  @Test func checksumsAreChecked() throws {
    let bytes = Self.file(Self.header(1, 1), Self.pixel)
    let error = try #require(refusal { try PNG.decode(bytes.replacing([9], at: bytes.count - 20)) })
    #expect(error.expected.hasPrefix("contents with the CRC-32"))
    #expect(error.places.last == .member("IDAT"))
  }
}
