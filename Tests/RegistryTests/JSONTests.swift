import AviaryRegistry
import Testing

@Suite struct JSONTests {
  @Test func readsWhatJSONIs() throws {
    let text = """
      {"a": [1, -2, 3.5, 1e3, -0, 0.0], "b": {"c": null, "": true}, "d": false, "e": "x\\n\\u00e9\\ud83d\\udc26\\/\\\\",
       "f": [], "g": {}, "h": 9223372036854775807, "i": -9223372036854775808, "j": "\u{E9}🐦"}
      """
    let expected: ConfigurationValue = [
      "a": [1, -2, 3.5, 1000.0, -0.0, 0.0], "b": ["c": nil, "": true], "d": false, "e": "x\né🐦/\\", "f": [], "g": [:],
      "h": .integer(.max), "i": .integer(.min), "j": "é🐦",
    ]
    let value = try ConfigurationValue(parsing: text)
    #expect(value == expected)
    #expect(value.objectValue?.keys == ["a", "b", "d", "e", "f", "g", "h", "i", "j"])
    guard case .number(let zero)? = value["a"]?[4] else {
      Issue.record("-0 is no number")
      return
    }
    #expect(zero.sign == .minus)
    #expect(try ConfigurationValue(parsing: " \t\r\n null ") == .null)
    #expect(try ConfigurationValue(parsing: [0xEF, 0xBB, 0xBF] + Array("1".utf8)) == 1)
  }

  @Test func wholeNumbersStayWhole() throws {
    #expect(try ConfigurationValue(parsing: "1") == .integer(1))
    #expect(try ConfigurationValue(parsing: "1.0") == .number(1))
    #expect(try ConfigurationValue(parsing: "1e0") == .number(1))
    #expect(ConfigurationValue.number(1).json() == "1.0")
    #expect(ConfigurationValue.number(1e22).json() == "1e+22")
  }

  /// Doubles chosen by the bits: both ends of the range, neighbors of powers, and a walk through everything between.
  @Test func everyDoubleSurvives() throws {
    var bits: [UInt64] = [0, 1, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF]
    bits += (0..<2000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
    for pattern in bits {
      let number = Double(bitPattern: pattern)
      guard number.isFinite else { continue }
      let text = ConfigurationValue.number(number).json()
      guard case .number(let read) = try ConfigurationValue(parsing: text) else {
        Issue.record("\(text) is no number")
        continue
      }
      #expect(read.bitPattern == pattern, "\(text)")
    }
  }

  @Test func everyScalarOfAStringSurvives() throws {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 1) where value < 0x300 || value % 997 == 0 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let string = ConfigurationValue.string("a" + String(Character(scalar)) + "b")
      let read = try ConfigurationValue(parsing: string.json())
      // Not `==`, which takes canonically equivalent strings for equal.
      #expect(
        read.stringValue.map { Array($0.utf8) } == string.stringValue.map { Array($0.utf8) },
        "U+\(String(value, radix: 16))")
    }
    #expect(ConfigurationValue.string("\u{1}\"\\\u{7F}").json() == #""\u0001\"\\\u007f""#)
  }

  @Test func prettyPrinting() throws {
    let value: ConfigurationValue = [
      "version": 1, "model": ["name": "mlp", "units": [240, 240]], "empty": [], "none": [:],
      "stages": [["name": "one"], ["name": "two", "optimizer": ["name": "adam"]]],
    ]
    let text = """
      {
        "version": 1,
        "model": {
          "name": "mlp",
          "units": [240, 240]
        },
        "empty": [],
        "none": {},
        "stages": [
          {"name": "one"},
          {
            "name": "two",
            "optimizer": {"name": "adam"}
          }
        ]
      }
      """
    #expect(value.json(prettyPrinted: true) == text)
    #expect(try ConfigurationValue(parsing: text) == value)
    #expect(
      value.json()
        == #"{"version": 1, "model": {"name": "mlp", "units": [240, 240]}, "empty": [], "none": {}, "#
        + #""stages": [{"name": "one"}, {"name": "two", "optimizer": {"name": "adam"}}]}"#)
    let long = ConfigurationValue.array((0..<40).map { .integer($0) })
    #expect(long.json(prettyPrinted: true).split(separator: "\n").count == 42)
  }

  @Test func nestingHasALimit() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    var value = try ConfigurationValue(parsing: nested(201))
    var depth = 1
    while let inner = value[0] {
      value = inner
      depth += 1
    }
    #expect(depth == 201)
    let tooDeep = #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationValue(parsing: nested(202)) }
    #expect(tooDeep?.description == "line 1, column 202: nested deeper than 200 levels")
    #expect(throws: ConfigurationSyntaxError.self) {
      try ConfigurationValue(parsing: String(repeating: "{\"a\":", count: 1_000_000))
    }
    #expect(throws: ConfigurationSyntaxError.self) {
      try ConfigurationValue(parsing: String(repeating: "[", count: 1_000_000))
    }
  }

  @Test func errorsNameTheFile() {
    let error = #expect(throws: ConfigurationSyntaxError.self) {
      try ConfigurationValue(parsing: Array("{\n  \"a\": tru\n}".utf8), source: "recipe.json")
    }
    #expect(
      error?.description == "recipe.json:2:8: expected a value, found 'tru' (strings need double quotes)")
  }
}
