/// Numbers in decimal notation, correctly rounded in any locale.
///
/// Numbers of up to 19 digits with a power of ten from −19 to 19, which are nearly all, are rounded here from an exact
/// 128-bit product or quotient; the others by the standard library.
enum DecimalNumber {
  private static let powersOfTen: [UInt64] = (0..<20).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  /// The number in the bytes, with optional surrounding blanks: an optional sign, digits with an optional decimal mark,
  /// and an optional exponent; or `inf`, `infinity`. nil for anything else.
  static func parse<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, as type: Value.Type = Value.self,
    decimalMark: UInt8 = UInt8(ascii: ".")
  ) -> Value? {
    var (index, end) = (start, end)
    while index < end, isBlank(bytes[index]) { index += 1 }
    while end > index, isBlank(bytes[end - 1]) { end -= 1 }
    let first = index
    var isNegative = false
    if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var significant = 0
    var exponent = 0
    var hasPoint = false
    while index < end {
      let digit = bytes[index] &- 0x30
      if digit < 10 {
        digits += 1
        if significant > 0 || digit > 0 { significant += 1 }
        if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
        if hasPoint { exponent -= 1 }
      } else if bytes[index] == decimalMark, !hasPoint {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return hasPoint ? nil : infinity(bytes, index, end).map { isNegative ? -$0 : $0 } }
    if index < end {
      guard let written = writtenExponent(bytes, index, end) else { return nil }
      exponent += written
    }
    if mantissa == 0 { return isNegative ? -0.0 : 0.0 }
    if significant <= 19, -19...19 ~= exponent {
      let value: Value = nearest(mantissa, exponent)
      return isNegative ? -value : value
    }
    let written = bytes[first..<end].map { $0 == decimalMark ? UInt8(ascii: ".") : $0 }
    return Value(String(decoding: written, as: UTF8.self))
  }

  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// `e` with an optional sign and digits up to the end; beyond 10⁶ the number is zero or infinite anyway.
  private static func writtenExponent(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard bytes[start] | 0x20 == UInt8(ascii: "e") else { return nil }
    var index = start + 1
    var isNegative = false
    if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < end else { return nil }
    var value = 0
    while index < end {
      let digit = bytes[index] &- 0x30
      guard digit < 10 else { return nil }
      value = min(value * 10 + Int(digit), 1_000_000)
      index += 1
    }
    return isNegative ? -value : value
  }

  private static func infinity<Value: BinaryFloatingPoint>(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Value? {
    let word = bytes[start..<end].map { $0 | 0x20 }
    return word == Array("inf".utf8) || word == Array("infinity".utf8) ? .infinity : nil
  }

  /// The number nearest to mantissa · 10^exponent, for a nonzero mantissa and exponents from −19 to 19.
  private static func nearest<Value: BinaryFloatingPoint>(_ mantissa: UInt64, _ exponent: Int) -> Value {
    if exponent == 0 { return Value(mantissa) }
    // Both are exact, so that their product or quotient is rounded once.
    if Value.significandBitCount == 52, mantissa < 1 << 53 {
      let power = Value(powersOfTen[abs(exponent)])
      return exponent > 0 ? Value(mantissa) * power : Value(mantissa) / power
    }
    if exponent > 0 {
      let (high, low) = mantissa.multipliedFullWidth(by: powersOfTen[exponent])
      if high == 0 { return Value(low) }
      let shift = high.leadingZeroBitCount
      let top = high << shift | low >> (64 - shift)
      return rounded(top, isInexact: low << shift != 0, binaryExponent: 64 - shift)
    }
    let divisor = powersOfTen[-exponent]
    let shift = mantissa.leadingZeroBitCount
    let divisorShift = divisor.leadingZeroBitCount
    let scaled = mantissa << shift
    // Both have their top bit set, so the quotient has 63 or 64 bits.
    let (quotient, remainder) = (divisor << divisorShift).dividingFullWidth((scaled >> 1, scaled << 63))
    return rounded(quotient, isInexact: remainder != 0, binaryExponent: divisorShift - shift - 63)
  }

  /// The number nearest to (bits + the truncated rest) · 2^binaryExponent, ties to even; bits has 63 or 64 bits.
  private static func rounded<Value: BinaryFloatingPoint>(
    _ bits: UInt64, isInexact: Bool, binaryExponent: Int
  ) -> Value {
    let dropped = 64 - bits.leadingZeroBitCount - (Value.significandBitCount + 1)
    let kept = bits >> UInt64(dropped)
    let rest = bits & (1 << UInt64(dropped) - 1)
    let half: UInt64 = 1 << UInt64(dropped - 1)
    let isUp = rest > half || rest == half && (isInexact || kept & 1 == 1)
    let scale = Value(
      sign: .plus, exponentBitPattern: Value.RawExponent(powerBias(Value.self) + binaryExponent + dropped),
      significandBitPattern: 0)
    return Value(kept + (isUp ? 1 : 0)) * scale
  }

  private static func powerBias<Value: BinaryFloatingPoint>(_ type: Value.Type) -> Int {
    1 << (Value.exponentBitCount - 1) - 1
  }
}
