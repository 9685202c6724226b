import AviaryFormats
import AviaryTestSupport
import Testing

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4 and of the secure hash standard's validation files (SHA256ShortMsg).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func examplesOfTheStandard(_ text: String, _ digest: String) {
    #expect(SHA256.hexadecimal(of: Array(text.utf8)) == digest)
  }

  @Test func aMillionTimesA() {
    let digest = SHA256.hexadecimal(of: [UInt8](repeating: 0x61, count: 1_000_000))
    #expect(digest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// Around the ends of blocks, against another implementation.
  @Test func everyLength() {
    for count in 0...260 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(SHA256.hexadecimal(of: bytes) == sha256(bytes), "\(count) bytes")
    }
  }

  @Test func piecesAreTheWhole() throws {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let whole = SHA256.hexadecimal(of: bytes)
    for size in [1, 3, 63, 64, 65, 127, 128, 500] {
      var digest = SHA256()
      for start in stride(from: 0, to: bytes.count, by: size) {
        digest.update(Array(bytes[start..<min(start + size, bytes.count)]))
        // Asking does not end it.
        _ = digest.hexadecimal()
      }
      #expect(digest.hexadecimal() == whole, "pieces of \(size)")
    }
    let folder = try ScratchFolder()
    #expect(try SHA256.hexadecimal(ofFile: folder.write(bytes, to: "file")) == whole)
    let large = [UInt8](repeating: 7, count: (1 << 20) + 77)
    #expect(try SHA256.hexadecimal(ofFile: folder.write(large, to: "large")) == SHA256.hexadecimal(of: large))
    #expect(refusal { try SHA256.hexadecimal(ofFile: folder["none"]) }?.kind == .missing)
  }
}
