import AviaryFormats
import Testing

@Suite struct GzipTests {
  @Test(arguments: [0, 1, 100, 65536, 1_000_003])
  func roundTrip(count: Int) throws {
    var numbers = Sequence64(state: 1)
    let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: numbers.next() & 0x1F) }
    for level in [0, 1, 9] { #expect(try Gzip.decode(Gzip.encode(bytes, level: level)) == bytes) }
    #expect(Gzip.encode(bytes) == Gzip.encode(bytes))
  }

  @Test func trailerHoldsChecksumAndLength() {
    let bytes = Array("123456789".utf8)
    let packed = Gzip.encode(bytes)
    #expect(Gzip.isGzip(packed))
    // The check value of CRC-32, as its catalogues give it.
    #expect(Array(packed.suffix(8)) == .little(UInt32(0xCBF4_3926)) + .little(UInt32(9)))
  }

  @Test func severalMembersAreJoined() throws {
    let packed = Gzip.encode([1, 2]) + Gzip.encode([]) + Gzip.encode([3])
    #expect(try Gzip.decode(packed) == [1, 2, 3])
    #expect(try Gzip.decode(packed + [0, 0, 0]) == [1, 2, 3])
    #expect(refusal { try Gzip.decode(packed + [0, 7]) }?.expected == "the end, or another gzip member")
  }

  @Test func growthIsLimited() throws {
    let bomb = Gzip.encode([UInt8](repeating: 0, count: 1 << 24))
    #expect(bomb.count < 1 << 15)
    #expect(refusal { try Gzip.decode(bomb, maximumByteCount: 1 << 20) }?.kind == .tooLarge)
    #expect(try Gzip.decode(bomb, maximumByteCount: 1 << 24).count == 1 << 24)
  }

  @Test func whatIsNotGzip() {
    #expect(refusal { try Gzip.decode([]) }?.found == "the end of the file")
    #expect(refusal { try Gzip.decode([0x50, 0x4B]) }?.found == "the character \"P\"")
  }
}
