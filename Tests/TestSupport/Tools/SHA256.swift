/// The SHA-256 of bytes as lowercase hexadecimal digits (FIPS 180-4), for short comparisons of long data.
public func sha256(_ bytes: some Sequence<UInt8>) -> String {
  var message = Array(bytes)
  let bits = UInt64(message.count) * 8
  message.append(0x80)
  message += [UInt8](repeating: 0, count: (120 - message.count % 64) % 64)
  message += (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
  var hash = primes(8).map { fraction(root: 2, of: $0) }
  let constants = primes(64).map { fraction(root: 3, of: $0) }
  for start in stride(from: 0, to: message.count, by: 64) {
    var w = (0..<16).map { word in
      message[(start + 4 * word)..<(start + 4 * word + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for t in 16..<64 {
      let (a, b) = (w[t - 15], w[t - 2])
      let s0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >> 3)
      let s1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >> 10)
      w.append(w[t - 16] &+ s0 &+ w[t - 7] &+ s1)
    }
    var v = hash
    for t in 0..<64 {
      let s1 = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25)
      let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
      let first = v[7] &+ s1 &+ choice &+ constants[t] &+ w[t]
      let s0 = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)
      let second = s0 &+ ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))
      v = [first &+ second, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
    }
    for place in 0..<8 { hash[place] = hash[place] &+ v[place] }
  }
  return hash.map { word in
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }.joined()
}

private func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

private func primes(_ count: Int) -> [Int] {
  var found: [Int] = []
  var candidate = 2
  while found.count < count {
    if found.allSatisfy({ candidate % $0 != 0 }) { found.append(candidate) }
    candidate += 1
  }
  return found
}

/// The first 32 fractional bits of a prime's square or cube root: the largest r with rⁿ ≤ p·2³²ⁿ, truncated to 32 bits.
private func fraction(root n: Int, of prime: Int) -> UInt32 {
  var root: UInt64 = 0
  for bit in stride(from: UInt64(36), through: 0, by: -1) {
    let candidate = root | 1 << bit
    if isPower(candidate, n, atMost: prime) { root = candidate }
  }
  return UInt32(truncatingIfNeeded: root)
}

/// Whether rⁿ ≤ p·2³²ⁿ for n = 2 or 3.
private func isPower(_ r: UInt64, _ n: Int, atMost prime: Int) -> Bool {
  // r has up to 36 bits: r² up to 72, r³ up to 108; compared in 128 bits.
  let square = UInt128(r) * UInt128(r)
  let power = n == 2 ? square : square * UInt128(r)
  return power <= UInt128(prime) << UInt128(32 * n)
}
