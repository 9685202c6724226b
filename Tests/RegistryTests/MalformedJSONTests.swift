import AviaryRegistry
import Testing

@Suite struct MalformedJSONTests {
  /// Each with the place of the error, line and column, and a part of its message.
  static let inputs: [(text: String, line: Int, column: Int, reason: String)] = [
    ("", 1, 1, "expected a value, found the end of the document"),
    ("   ", 1, 4, "the end of the document"),
    ("\n\n", 3, 1, "the end of the document"),
    ("{", 1, 2, "a key in double quotes or '}'"),
    ("[", 1, 2, "expected a value"),
    ("}", 1, 1, "expected a value, found '}'"),
    ("]", 1, 1, "expected a value, found ']'"),
    (":", 1, 1, "found ':'"),
    (",", 1, 1, "found ','"),
    ("{}}", 1, 3, "expected the end of the document, found '}'"),
    ("[]]", 1, 3, "the end of the document, found ']'"),
    ("{} {}", 1, 4, "the end of the document"),
    ("1 2", 1, 3, "the end of the document, found '2'"),
    ("null null", 1, 6, "the end of the document"),
    ("[1,]", 1, 4, "expected a value, found ']'"),
    ("[,1]", 1, 2, "expected a value, found ','"),
    ("[1,,2]", 1, 4, "expected a value"),
    ("[1 2]", 1, 4, "',' or ']' after an element, found '2'"),
    ("[1;2]", 1, 3, "',' or ']'"),
    ("[1}", 1, 3, "',' or ']' after an element, found '}'"),
    ("[1", 1, 3, "the end of the document"),
    ("[1,", 1, 4, "expected a value"),
    ("[\"a\":1]", 1, 5, "',' or ']'"),
    ("{\"a\"}", 1, 5, "expected ':' after the key 'a', found '}'"),
    ("{\"a\":}", 1, 6, "expected a value, found '}'"),
    ("{\"a\" 1}", 1, 6, "expected ':'"),
    ("{\"a\":1,}", 1, 8, "a key in double quotes after ',', found '}'"),
    ("{,}", 1, 2, "a key in double quotes"),
    ("{\"a\":1 \"b\":2}", 1, 8, "',' or '}' after a value, found '\"'"),
    ("{\"a\":1;\"b\":2}", 1, 7, "',' or '}'"),
    ("{\"a\":1]", 1, 7, "',' or '}' after a value, found ']'"),
    ("{\"a\":1", 1, 7, "the end of the document"),
    ("{\"a\":", 1, 6, "expected a value"),
    ("{\"a\"", 1, 5, "expected ':'"),
    ("{\"a", 1, 2, "no closing quote"),
    ("{a:1}", 1, 2, "a key in double quotes or '}', found 'a'"),
    ("{'a':1}", 1, 2, "found '''"),
    ("{1:1}", 1, 2, "a key in double quotes"),
    ("{null:1}", 1, 2, "a key in double quotes"),
    ("{\"a\":1,\n \"b\":2,\n \"a\":3}", 3, 2, "duplicate key 'a'"),
    ("{\"\":1,\"\":2}", 1, 7, "duplicate key ''"),
    ("{\"a\":1,\"\\u0061\":2}", 1, 8, "duplicate key 'a'"),
    ("{\"a\": {\"b\": 1, \"b\": 1}}", 1, 16, "duplicate key 'b'"),
    ("{\"a\"::1}", 1, 6, "found ':'"),
    ("{\"a\"=1}", 1, 5, "expected ':'"),
    ("{\"a\":1,,}", 1, 8, "a key in double quotes after ','"),
    ("{[]:1}", 1, 2, "a key in double quotes"),
    ("\"", 1, 1, "no closing quote"),
    ("\"abc", 1, 1, "no closing quote"),
    ("\"abc\\\"", 1, 1, "no closing quote"),
    ("'abc'", 1, 1, "found '''"),
    ("\"a\nb\"", 1, 3, "cannot hold the end of the line"),
    ("\"a\tb\"", 1, 3, "cannot hold a tab"),
    ("\"a\u{0}b\"", 1, 3, "the control character 0"),
    ("\"a\u{1F}b\"", 1, 3, "the control character 31"),
    ("\"\\x41\"", 1, 2, "unknown escape"),
    ("\"\\a\"", 1, 2, "unknown escape"),
    ("\"\\'\"", 1, 2, "unknown escape"),
    ("\"\\U0041\"", 1, 2, "unknown escape"),
    ("\"\\", 1, 2, "unknown escape"),
    ("\"\\u\"", 1, 2, "four hexadecimal digits"),
    ("\"\\u12\"", 1, 2, "four hexadecimal digits"),
    ("\"\\u12g4\"", 1, 2, "four hexadecimal digits"),
    ("\"\\u 123\"", 1, 2, "four hexadecimal digits"),
    ("\"\\u00", 1, 2, "four hexadecimal digits"),
    ("\"\\ud800\"", 1, 2, "unpaired surrogate"),
    ("\"\\udc00\"", 1, 2, "unpaired surrogate"),
    ("\"\\udc00\\ud800\"", 1, 2, "unpaired surrogate"),
    ("\"\\ud800\\ud800\"", 1, 2, "unpaired surrogate"),
    ("\"\\ud800x\"", 1, 2, "unpaired surrogate"),
    ("\"\\ud800\\n\"", 1, 2, "unpaired surrogate"),
    ("\"\\ud800\\u00", 1, 2, "four hexadecimal digits"),
    ("tru", 1, 1, "found 'tru'"),
    ("True", 1, 1, "found 'True'"),
    ("TRUE", 1, 1, "found 'TRUE'"),
    ("truefalse", 1, 1, "found 'truefalse'"),
    ("nul", 1, 1, "found 'nul'"),
    ("None", 1, 1, "found 'None'"),
    ("undefined", 1, 1, "found 'undefined'"),
    ("adam", 1, 1, "strings need double quotes"),
    ("[1, adam]", 1, 5, "found 'adam'"),
    ("NaN", 1, 1, "no NaN and no infinity"),
    ("nan", 1, 1, "no NaN and no infinity"),
    ("[Infinity]", 1, 2, "no NaN and no infinity"),
    ("-Infinity", 1, 1, "no NaN and no infinity"),
    ("-inf", 1, 1, "no NaN and no infinity"),
    ("-", 1, 2, "expected a digit, found the end"),
    ("--1", 1, 2, "expected a digit, found '-'"),
    ("+1", 1, 1, "expected a value, found '+'"),
    (".5", 1, 1, "expected a value, found '.'"),
    ("-.5", 1, 2, "expected a digit, found '.'"),
    ("5.", 1, 3, "a digit after '.'"),
    ("5.e3", 1, 3, "a digit after '.'"),
    ("1e", 1, 3, "a digit of the exponent"),
    ("1e+", 1, 4, "a digit of the exponent"),
    ("1e5.5", 1, 4, "the end of the document"),
    ("1.2.3", 1, 4, "the end of the document"),
    ("01", 1, 1, "cannot begin with 0"),
    ("-01", 1, 1, "cannot begin with 0"),
    ("00.5", 1, 1, "cannot begin with 0"),
    ("0x1F", 1, 2, "the end of a number, found 'x'"),
    ("1f", 1, 2, "the end of a number"),
    ("1_000", 1, 2, "the end of the document"),
    ("1,5", 1, 2, "the end of the document"),
    ("1e309", 1, 1, "is out of range (beyond 1.8e308)"),
    ("-1e999999999999", 1, 1, "is out of range (beyond 1.8e308)"),
    ("9223372036854775808", 1, 1, "does not fit in 64 bits"),
    ("-9223372036854775809", 1, 1, "does not fit in 64 bits"),
    ("[1, 100000000000000000000000000000000000000000000000]", 1, 5, "…"),
    ("// comment\n1", 1, 1, "found '/'"),
    ("1 // comment", 1, 3, "the end of the document, found '/'"),
    ("/* c */ 1", 1, 1, "found '/'"),
    ("{\"a\": 1 # comment\n}", 1, 9, "',' or '}'"),
    ("é", 1, 1, "found 'é'"),
    ("[1, 🐦]", 1, 5, "found '🐦'"),
    ("\u{A0}1", 1, 1, "expected a value"),
    ("“a”", 1, 1, "found '“'"),
    ("{\n  \"a\": 1,\r\n  \"b\": [1,\n    2\n  }\n}", 5, 3, "',' or ']' after an element, found '}'"),
    ("\u{FEFF}\u{FEFF}1", 1, 4, "expected a value"),
    ("\u{0}", 1, 1, "the control character 0"),
    ("1\u{0}", 1, 2, "the control character 0"),
  ]

  @Test(arguments: inputs.indices) func isRefusedAtItsPlace(_ index: Int) {
    let input = Self.inputs[index]
    let error = #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationValue(parsing: input.text) }
    guard let error else { return }
    #expect(error.line == input.line, "\(input.text): \(error)")
    #expect(error.column == input.column, "\(input.text): \(error)")
    #expect(error.reason.contains(input.reason), "\(input.text): \(error)")
  }

  @Test(
    arguments: [
      [0xFF], [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0xFE, 0xFF, 0x00, 0x31], [0x31, 0x00], [0xC3], [0x5B, 0xE2, 0x82],
    ] as [[UInt8]])
  func bytesThatAreNotUTF8(_ bytes: [UInt8]) {
    #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationValue(parsing: bytes) }
  }

  /// Every beginning of a document is an error, and none a trap.
  @Test func everyTruncationIsRefused() throws {
    let text = #"{"a": [1, -2.5e3, "x\n\u00e9\ud83d\udc26"], "b": {"c": null, "d": true}, "é": false}"#
    let bytes = Array(text.utf8)
    _ = try ConfigurationValue(parsing: bytes)
    for length in 0..<bytes.count {
      #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationValue(parsing: Array(bytes[..<length])) }
    }
  }

  /// A document with one byte changed is an error or another document; reading its text again gives the same.
  @Test func everyChangedByteIsReadOrRefused() throws {
    let bytes = Array(#"{"a": [1, -2.5e3, "x\n\u00e9"], "b": {"c": null, "d": true}}"#.utf8)
    var read = 0
    for position in bytes.indices {
      for byte in [0x00, 0x20, 0x22, 0x2C, 0x2D, 0x30, 0x39, 0x5B, 0x5C, 0x5D, 0x65, 0x7B, 0x7D, 0x80, 0xFF] as [UInt8]
      {
        var changed = bytes
        changed[position] = byte
        guard let value = try? ConfigurationValue(parsing: changed) else { continue }
        read += 1
        #expect(try ConfigurationValue(parsing: value.json()) == value)
      }
    }
    #expect(read > 50)
  }
}
