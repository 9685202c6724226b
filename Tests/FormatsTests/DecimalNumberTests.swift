import AviaryCore
import AviaryFormats
import Testing

/// Numbers in CSV files are the nearest float64 or float32, checked against the standard library's own conversion.
@Suite struct DecimalNumberTests {
  private func check(_ texts: [String], _ location: SourceLocation = #_sourceLocation) throws {
    let bytes = Array((texts.joined(separator: "\n") + "\n").utf8)
    let table = try CSVTable(bytes, options: CSVOptions(header: .absent))
    let doubles = try table.numbers().scalars(as: Double.self)
    let floats = try table.numbers(dtype: .float32).scalars(as: Float.self)
    try #require(doubles.count == texts.count, sourceLocation: location)
    for (index, text) in texts.enumerated() {
      #expect(doubles[index].bitPattern == Double(text)?.bitPattern, "\(text)", sourceLocation: location)
      #expect(floats[index].bitPattern == Float(text)?.bitPattern, "\(text)", sourceLocation: location)
    }
  }

  @Test func numbersAtTheEdges() throws {
    try check([
      "0", "-0", "+0.0", "00", "1", "-1", ".5", "5.", "-.25e1", "1E5", "1e+05", "1e-05", "9007199254740993",
      "9007199254740992.5", "9007199254740993.0000000000000000000001", "9223372036854775807", "18446744073709551615",
      "18446744073709551616", "9999999999999999999e19", "1e-19", "9999999999999999999e-19", "1e19", "1e22", "1e23",
      "16777217", "16777216.999", "1.00000005960464477539062500", "1.00000005960464477539062501", "0.1", "0.3",
      "1.7976931348623157e308", "4.9e-324", "2.2250738585072011e-308", "1e-400", "-1e400", "3.4028235e38",
      "3.4028236e38", "1e-45", "7e-46", "1.1754943e-38", "0e999999999999", "0000000000000000000000000000.1",
      "100000000000000000000000000000000000000000", "123456789012345678901234567890e-20",
      "0." + String(repeating: "0", count: 400) + "1e400", "inf", "-inf", "Infinity", "+INF",
    ])
  }

  @Test func numbersOfEveryLength() throws {
    var numbers = Sequence64(state: 7)
    try check(
      (0..<20_000).map { _ in
        let digits = String(numbers.next() >> (numbers.next() % 63))
        let point = Int(numbers.next() % UInt64(digits.count + 1))
        let exponent = numbers.next() % 4 == 0 ? "e\(Int(numbers.next() % 45) - 22)" : ""
        return (numbers.next() % 2 == 0 ? "-" : "") + digits.prefix(point) + "." + digits.dropFirst(point) + exponent
      }.filter { Double($0) != nil })
  }

  @Test func printedNumbersReadBackTheSame() throws {
    var numbers = Sequence64(state: 8)
    let values =
      (0..<10_000).map { _ in Double(bitPattern: numbers.next()) }.filter(\.isFinite)
      + (0..<10_000).map { _ in Double(numbers.next() >> 11) * 0x1p-53 }
    let table = try CSVTable(
      Array(values.map { "\($0)" }.joined(separator: ",").utf8), options: CSVOptions(header: .absent))
    #expect(try table.numbers().scalars(as: Double.self).map(\.bitPattern) == values.map(\.bitPattern))
  }

  /// Quotients halfway between two neighbors, where the last bit decides: odd · 2^k / 2 exactly, and a little more
  /// and less.
  @Test func tiesGoToTheEvenNeighbor() throws {
    var texts: [String] = []
    for k in 1...10 {
      let odd = (UInt64(1) << 53) + 1 + 2 * UInt64(k * 977)
      // odd / 2^k in decimal has exactly k places.
      let scaled = odd.multipliedFullWidth(by: (0..<k).reduce(1) { power, _ in power * 5 })
      guard scaled.high == 0, scaled.low < 9_999_999_999_999_999_999 else { break }
      let digits = String(scaled.low)
      let text = digits.dropLast(k) + "." + digits.suffix(k)
      texts += [String(text), text + "000000000000000001", String(text.dropLast()) + "4"]
    }
    #expect(texts.count > 3)
    try check(texts)
  }

  @Test(arguments: [
    "", "-", ".", "+.", "e5", "1e", "1e+", "1.2.3", "0x10", "1_000", "1,5", "--1", "1 2", "nan", "in", "1f", "٣",
  ])
  func whatIsNoNumber(_ text: String) throws {
    let table = try CSVTable(Array("1;\(text)\n".utf8), options: CSVOptions(delimiter: ";", header: .absent))
    #expect(refusal { try table.numbers() } != nil)
  }
}
