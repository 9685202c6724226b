/// NumPy's legacy generator, `numpy.random.RandomState(seed)`, for reproducing splits and orders drawn by NumPy
/// programs.
///
/// ```swift
/// var random = LegacyNumPyRandom(seed: 100)
/// let order = random.permutation(2790)          // np.random.RandomState(100).permutation(2790)
/// ```
///
/// It is the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), seeded by its authors' `init_genrand`. It has a
/// state, unlike ``RandomSource``, which everything else uses.
public struct LegacyNumPyRandom: Sendable {
  private static let length = 624
  private static let middle = 397

  private var state: [UInt32]
  private var position = LegacyNumPyRandom.length

  /// The generator of `np.random.seed(seed)`.
  public init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(LegacyNumPyRandom.length)
    for place in 1..<UInt32(LegacyNumPyRandom.length) {
      let last = state[state.count - 1]
      state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ place)
    }
  }

  /// The next 32 bits.
  public mutating func next() -> UInt32 {
    if position == LegacyNumPyRandom.length { refill() }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }

  private mutating func refill() {
    let (length, middle) = (LegacyNumPyRandom.length, LegacyNumPyRandom.middle)
    for place in 0..<length {
      let joined = (state[place] & 0x8000_0000) | (state[(place + 1) % length] & 0x7fff_ffff)
      let twist: UInt32 = joined & 1 == 0 ? 0 : 0x9908_b0df
      state[place] = state[(place + middle) % length] ^ (joined >> 1) ^ twist
    }
    position = 0
  }

  /// The numbers 0..<count in the order of `RandomState.permutation(count)`. Traps on a count that is negative or
  /// exceeds 32 bits.
  public mutating func permutation(_ count: Int, file: StaticString = #fileID, line: UInt = #line) -> [Int] {
    require(count >= 0 && count <= Int(UInt32.max), "cannot permute \(count) numbers", file, line)
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, below(last)) }
    return order
  }

  /// A uniform integer in 0...limit: words masked to the limit's bits, redrawn while above it.
  private mutating func below(_ limit: Int) -> Int {
    let mask = UInt32.max >> UInt32(UInt32(limit).leadingZeroBitCount)
    while true {
      let word = Int(next() & mask)
      if word <= limit { return word }
    }
  }
}
