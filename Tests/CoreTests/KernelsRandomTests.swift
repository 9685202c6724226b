import AviaryKernels
import Foundation
import Testing

@Suite struct KernelsRandomTests {
  func bits(key: UInt64, stream: UInt64, offset: UInt64, count: Int) -> [UInt32] {
    filled(count, with: 0) { aviary_random_bits(key, stream, offset, count, $0) }
  }

  /// The published vectors of Random123 for Philox 4×32-10: counter, key, output.
  static let known: [(counter: [UInt32], key: [UInt32], output: [UInt32])] = [
    ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ]

  /// Philox as its authors define it, one block at a time.
  func block(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
    var c = counter, k = key
    for _ in 0..<10 {
      let p0 = c[0].multipliedFullWidth(by: 0xD251_1F53), p1 = c[2].multipliedFullWidth(by: 0xCD9E_8D57)
      c = [p1.high ^ c[1] ^ k[0], p1.low, p0.high ^ c[3] ^ k[1], p0.low]
      k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
    }
    return c
  }

  @Test func knownAnswers() {
    for (counter, key, output) in Self.known { #expect(block(counter, key) == output) }
    forEachInstructionSet { isa in
      #expect(bits(key: 0, stream: 0, offset: 0, count: 4) == Self.known[0].output, "\(isa)")
    }
  }

  @Test func everyWordIsAFunctionOfItsNumber() {
    let key: UInt64 = 0x299f_31d0_a409_3822, stream: UInt64 = 0x0370_7344_1319_8a2e
    forEachInstructionSet { isa in
      // The last offset makes the low half of the counter overflow into the high half.
      for offset: UInt64 in [0, 1, 2, 3, 5, 1_000_003, 0x3_FFFF_FFF0] {
        for count in [1, 2, 3, 4, 5, 63, 64, 129, 1000] {
          let words = bits(key: key, stream: stream, offset: offset, count: count)
          for i in 0..<count {
            let word = offset + UInt64(i)
            let counter = [word / 4, (word / 4) >> 32, stream, stream >> 32].map { UInt32(truncatingIfNeeded: $0) }
            let exact = block(counter, [0xa409_3822, 0x299f_31d0])
            #expect(words[i] == exact[Int(word % 4)], "\(isa) word \(word)")
            if words[i] != exact[Int(word % 4)] { break }
          }
        }
      }
    }
  }

  /// All kinds of numbers that the generator makes from words, as bit patterns.
  func everything(offset: UInt64, count n: Int) -> [[UInt64]] {
    let p: [Float] = numbers(n, seed: 1), q: [Double] = numbers(n, seed: 1)
    func f32(_ body: (UnsafeMutablePointer<Float>) -> Void) -> [UInt64] {
      filled(n, with: 0, body).map { UInt64($0.bitPattern) }
    }
    func f64(_ body: (UnsafeMutablePointer<Double>) -> Void) -> [UInt64] { filled(n, with: 0, body).map(\.bitPattern) }
    return [
      f32 { aviary_random_uniform_f32(1, 2, offset, n, -1, 3, $0) },
      f64 { aviary_random_uniform_f64(1, 2, offset, n, -1, 3, $0) },
      f32 { aviary_random_normal_f32(1, 2, offset, n, 0.5, 3, $0) },
      f64 { aviary_random_normal_f64(1, 2, offset, n, 0.5, 3, $0) },
      f32 { aviary_random_truncated_normal_f32(1, 2, offset, n, 0.5, 3, $0) },
      f64 { aviary_random_truncated_normal_f64(1, 2, offset, n, 0.5, 3, $0) },
      f32 { aviary_random_bernoulli_f32(1, 2, offset, n, 0.3, 4, $0) },
      f64 { aviary_random_bernoulli_f64(1, 2, offset, n, 0.3, 4, $0) },
      f32 { aviary_random_dropout_f32(1, 2, offset, n, 0.3, 4, p, $0) },
      f64 { aviary_random_dropout_f64(1, 2, offset, n, 0.3, 4, q, $0) },
      f32 { aviary_random_sample_f32(1, 2, offset, n, p, $0) },
      f64 { aviary_random_sample_f64(1, 2, offset, n, q, $0) },
      filled(n, with: false) { aviary_random_bernoulli(1, 2, offset, n, 0.3, $0) }.map { $0 ? 1 : 0 },
      filled(n, with: Int64(0)) { aviary_random_integers(1, 2, offset, n, -5, 11, $0) }.map { UInt64(bitPattern: $0) },
      filled(n, with: Int64(0)) { aviary_random_permutation(1, 2, n, $0) }.map { UInt64(bitPattern: $0) },
    ]
  }

  @Test func sameBitsOnEveryInstructionSetAndForAnyThreadCount() {
    var first: [[UInt64]] = []
    forEachInstructionSet { isa in
      forEachThreadCount { threads in
        let all = everything(offset: 3, count: 50_001)
        if first.isEmpty { first = all }
        for i in all.indices { #expect(all[i] == first[i], "\(isa), \(threads) threads, sequence \(i)") }
      }
    }
    // A range in pieces is the range at once; the permutation has no offset.
    let piece = everything(offset: 3 + 701, count: 997)
    for i in 0..<8 + 6 where ![8, 9, 10, 11].contains(i) {
      #expect(piece[i] == Array(first[i][701..<701 + 997]), "sequence \(i)")
    }
  }

  /// Φ⁻¹ by bisection of the complementary error function.
  func quantile(_ p: Double) -> Double {
    var low = -9.0, high = 9.0
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < p { low = middle } else { high = middle }
    }
    return low
  }

  @Test func normalsInvertTheDistribution() {
    let n = 4000
    let words = bits(key: 7, stream: 8, offset: 0, count: 2 * n)
    let f32 = filled(n, with: Float(0)) { aviary_random_normal_f32(7, 8, 0, n, 0, 1, $0) }
    let cut = filled(n, with: Float(0)) { aviary_random_truncated_normal_f32(7, 8, 0, n, 0, 1, $0) }
    let f64 = filled(n, with: 0.0) { aviary_random_normal_f64(7, 8, 0, n, 0, 1, $0) }
    let cut64 = filled(n, with: 0.0) { aviary_random_truncated_normal_f64(7, 8, 0, n, 0, 1, $0) }
    let tail = 0.5 * erfc(2.0.squareRoot())
    for i in 0..<n {
      // Counted from the nearer end, where doubles are dense.
      let u = (Double(min(words[i], ~words[i])) + 0.5) * 0x1p-32, sign = words[i] >> 31 == 0 ? 1.0 : -1.0
      let exact = sign * quantile(u), exactCut = sign * quantile(tail + (1 - 2 * tail) * u)
      #expect(abs(Double(f32[i]) - exact) <= 4e-7 * abs(exact) + 1e-9)
      #expect(abs(Double(cut[i]) - exactCut) <= 6e-7 * abs(exactCut) + 1e-9)
      let wide = UInt64(words[2 * i + 1]) << 32 | UInt64(words[2 * i])
      let v = (Double(min(wide, ~wide) >> 11) + 0.5) * 0x1p-53, sign64 = wide >> 63 == 0 ? 1.0 : -1.0
      let exact64 = sign64 * quantile(v), exactCut64 = sign64 * quantile(tail + (1 - 2 * tail) * v)
      #expect(abs(f64[i] - exact64) <= 4e-15 * (abs(exact64) + 1))
      #expect(abs(cut64[i] - exactCut64) <= 4e-15 * (abs(exactCut64) + 1))
    }
    #expect(cut.allSatisfy { abs($0) <= 2 })
    #expect(cut64.allSatisfy { abs($0) <= 2 })
  }

  @Test func uniformsAndMasks() {
    let n = 100_000
    let words = bits(key: 3, stream: 4, offset: 0, count: 2 * n)
    let uniform = filled(n, with: Float(0)) { aviary_random_uniform_f32(3, 4, 0, n, 0, 1, $0) }
    let uniform64 = filled(n, with: 0.0) { aviary_random_uniform_f64(3, 4, 0, n, 0, 1, $0) }
    let x: [Float] = numbers(n, seed: 5)
    let mask = filled(n, with: false) { aviary_random_bernoulli(3, 4, 0, n, 0.7, $0) }
    let scaled = filled(n, with: Float(0)) { aviary_random_bernoulli_f32(3, 4, 0, n, 0.7, 2, $0) }
    let dropped = filled(n, with: Float(0)) { aviary_random_dropout_f32(3, 4, 0, n, 0.7, 2, x, $0) }
    let probabilities = [Float](repeating: 0.25, count: n)
    let sample = filled(n, with: Float(0)) { aviary_random_sample_f32(3, 4, 0, n, probabilities, $0) }
    let threshold = UInt32((0.7 * 0x1p32).rounded())
    var wrong = 0
    for i in 0..<n {
      let wide = UInt64(words[2 * i + 1]) << 32 | UInt64(words[2 * i])
      let keep = words[i] < threshold
      let u = Float(words[i] >> 8) * 0x1p-24, u64 = Double(wide >> 11) * 0x1p-53
      let factor: Float = keep ? 2 : 0, drawn: Float = u < 0.25 ? 1 : 0
      if uniform[i] != u || uniform64[i] != u64 || mask[i] != keep { wrong += 1 }
      if scaled[i] != factor || dropped[i] != factor * x[i] || sample[i] != drawn { wrong += 1 }
    }
    #expect(wrong == 0)
    for (probability, expected) in [(0.0, false), (1.0, true), (-1, false), (2, true)] {
      let same = filled(50, with: !expected) { aviary_random_bernoulli(3, 4, 0, 50, probability, $0) }
      #expect(same.allSatisfy { $0 == expected })
    }
  }

  @Test func permutations() {
    for n in [0, 1, 2, 10, 1000] {
      let order = filled(n, with: Int64(-1)) { aviary_random_permutation(1, 2, n, $0) }
      #expect(order.sorted() == (0..<n).map { Int64($0) })
      if n > 5 { #expect(order != order.sorted()) }
    }
    // All six orders of three, about equally often.
    var counts: [[Int64]: Int] = [:]
    for stream in 0..<6000 {
      counts[filled(3, with: Int64(0)) { aviary_random_permutation(9, UInt64(stream), 3, $0) }, default: 0] += 1
    }
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 150 })
    let integers = filled(10_000, with: Int64(0)) { aviary_random_integers(1, 2, 0, 10_000, -5, 11, $0) }
    #expect(Set(integers) == Set(-5...5))
  }
}
