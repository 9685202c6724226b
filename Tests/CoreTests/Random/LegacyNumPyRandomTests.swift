import AviaryCore
import AviaryTestSupport
import Testing

@Suite("NumPy's legacy generator")
struct LegacyNumPyRandomTests {
  @Test("permutations", arguments: try GoldenDocument("numpy_legacy_permutation").cases)
  func permutations(_ stored: GoldenCase) throws {
    let seed = UInt32(try stored.number("seed"))
    var raw = LegacyNumPyRandom(seed: seed)
    #expect(try stored.numbers("rawWords") == (0..<5).map { _ in Double(raw.next()) })
    var random = LegacyNumPyRandom(seed: seed)
    var order: [Int] = []
    for _ in 0..<Int(try stored.number("draw")) { order = random.permutation(Int(try stored.number("n"))) }
    #expect(order.prefix(20).map(Double.init) == (try stored.numbers("first")))
    let bytes = order.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    #expect(try sha256(bytes) == stored.field("sha256").stringValue)
  }
}
