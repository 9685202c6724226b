import AviaryRegistry
import Testing

@Suite struct DecodingTests {
  enum Padding: String, Codable, CaseIterable { case same, valid }
  enum Level: Int, Codable, CaseIterable { case low = 1, high = 2 }
  enum Size: Codable, Equatable {
    case fixed(width: Int)
    case relative(factor: Double)
  }

  struct Window: ConfigurationFields {
    var width = 3
    var padding = Padding.same
    init() {}
  }

  /// A structure without `init()`: its fields have no defaults of their own.
  struct Plain: Codable, Equatable {
    var units: Int
    var rate: Double?
  }

  struct Everything: ConfigurationFields {
    var flag = false
    var whole = 1
    var byte: UInt8 = 2
    var seed: UInt64 = 3
    var number = 4.5
    var single: Float = 0.1
    var text = "x"
    var padding = Padding.same
    var level = Level.low
    var clip: Double? = 5
    var limit: Int?
    var window = Window()
    var maybe: Window?
    var list = [1, 2]
    var windows = [Window()]
    var gaps: [Int?] = []
    var weights: [String: Double] = ["a": 1]
    var plain: Plain?
    var size = Size.fixed(width: 8)
    var any: ConfigurationValue = nil
    var nested: Specification = "relu"
    var rate: NumberOrSpecification = 0.1
    init() {}
  }

  func decode(_ value: ConfigurationValue) throws -> Everything { try value.decode(Everything.self) }

  func failure(_ value: ConfigurationValue) -> String { message { _ = try decode(value) } }

  @Test func nothingIsTheDefaults() throws {
    #expect(try decode([:]) == Everything())
    let written = try ConfigurationValue(encoding: Everything())
    #expect(try decode(written) == Everything())
    #expect(try ConfigurationValue(parsing: written.json()) == written)
    #expect(written["limit"] == .null)
    #expect(written["single"] == 0.1)
    #expect(written["size"] == ["fixed": ["width": 8]])
  }

  @Test func everyTypeIsRead() throws {
    var expected = Everything()
    expected.flag = true
    expected.whole = -7
    expected.byte = 255
    expected.seed = 9
    expected.number = 3
    expected.single = 0.25
    expected.text = "é"
    expected.padding = .valid
    expected.level = .high
    expected.clip = nil
    expected.limit = 4
    expected.window.width = 9
    expected.maybe = Window()
    expected.maybe?.padding = .valid
    expected.list = []
    expected.windows = [Window(), Window()]
    expected.windows[1].width = 1
    expected.gaps = [1, nil]
    expected.weights = ["b": 2]
    expected.plain = Plain(units: 3, rate: nil)
    expected.size = .relative(factor: 0.5)
    expected.any = ["x": [1]]
    expected.nested = Specification("leaky-relu", ["slope": 0.1])
    expected.rate = .specification("cosine")
    let value: ConfigurationValue = [
      "flag": true, "whole": -7, "byte": 255, "seed": 9, "number": 3, "single": 0.25, "text": "é", "padding": "valid",
      "level": 2, "clip": nil, "limit": 4.0, "window": ["width": 9], "maybe": ["padding": "valid"], "list": [],
      "windows": [[:], ["width": 1]], "gaps": [1, nil], "weights": ["b": 2], "plain": ["units": 3],
      "size": ["relative": ["factor": 0.5]], "any": ["x": [1]], "nested": ["name": "leaky-relu", "slope": 0.1],
      "rate": "cosine",
    ]
    #expect(try decode(value) == expected)
    let written = try ConfigurationValue(encoding: expected)
    #expect(try decode(ConfigurationValue(parsing: written.json(prettyPrinted: true))) == expected)
  }

  @Test(
    arguments: [
      (["flag": 1], "flag: expected true or false, found 1"),
      (["whole": 1.5], "whole: expected a whole number, found 1.5"),
      (["whole": 1e19], "whole: expected a whole number, found 1e+19"),
      (["whole": "1"], "whole: expected a whole number, found \"1\""),
      (["whole": nil], "whole: expected a whole number, found null"),
      (["byte": 256], "byte: expected a whole number from 0 to 255, found 256"),
      (["byte": -1], "byte: expected a whole number from 0 to 255, found -1"),
      (["seed": -1], "seed: expected a whole number of at least 0, found -1"),
      (["number": true], "number: expected a number, found true"),
      (["single": 1e300], "single: expected a number, found 1e+300"),
      (["text": 3], "text: expected a string, found 3"),
      (["text": [:]], "text: expected a string, found an empty object"),
      (["padding": "sane"], "padding: expected one of \"same\", \"valid\", found \"sane\"; did you mean 'same'?"),
      (["padding": 3], "padding: expected one of \"same\", \"valid\", found 3"),
      (["level": 3], "level: expected one of 1, 2, found 3"),
      (["clip": "x"], "clip: expected a number, found \"x\""),
      (["window": 3], "window: expected an object, found 3"),
      (["window": ["widht": 3]], "window.widht: unknown key; did you mean 'width'? (known: width, padding)"),
      (["maybe": ["width": "x"]], "maybe.width: expected a whole number, found \"x\""),
      (["maybe": ["x": 1]], "maybe.x: unknown key; known: width, padding"),
      (["list": 3], "list: expected an array, found 3"),
      (["list": [1, "x"]], "list.1: expected a whole number, found \"x\""),
      (["list": ["x": 1]], "list: expected an array, found an object"),
      (["windows": [[:], ["width": 0.5]]], "windows.1.width: expected a whole number, found 0.5"),
      (["windows": [["w": 1]]], "windows.0.w: unknown key; known: width, padding"),
      (["weights": ["b": "x"]], "weights.b: expected a number, found \"x\""),
      (["weights": [1]], "weights: expected an object, found an array"),
      (["plain": [:]], "plain.units: missing; expected a whole number"),
      (["plain": ["unit": 3]], "plain.unit: unknown key; did you mean 'units'? (known: units, rate)"),
      (["plain": ["units": 3, "rat": 1]], "plain.rat: unknown key; did you mean 'rate'? (known: units, rate)"),
      (["nested": 3], "nested: expected a name or an object with a \"name\", found 3"),
      (["nested": ["name": 3]], "nested.name: expected a name, found 3"),
      (["rate": true], "rate: expected a number, a name, or an object with a name, found true"),
      (["rate": ["x": 1]], "rate.name: missing; expected the name of what is configured here"),
    ] as [(ConfigurationValue, String)])
  func wrongValues(_ value: ConfigurationValue, _ expected: String) {
    #expect(failure(value) == expected)
  }

  @Test func unknownKeysNameAllKnownOnes() {
    let known = "flag, whole, byte, seed, number, single, text, padding, level, clip, limit, window, maybe, list, "
    #expect(failure(["numbr": 1]).hasPrefix("numbr: unknown key; did you mean 'number'? (known: \(known)"))
    #expect(failure(["limt": 1]).hasPrefix("limt: unknown key; did you mean 'limit'?"))
    #expect(failure(["size": ["fixed": ["width": 1, "height": 2]]]).hasPrefix("size.fixed.height: unknown key"))
    #expect(failure(["size": ["square": [:]]]).hasPrefix("size"))
    #expect(failure([1]) == "expected an object, found an array")
    #expect(failure("adam") == "expected an object, found \"adam\"")
  }

  @Test func fieldsOfADefaultAreKeptInside() throws {
    var defaults = Everything()
    defaults.window.width = 7
    defaults.maybe = Window()
    defaults.maybe?.width = 8
    defaults.nested = Specification("elu", ["alpha": 2])
    let value: ConfigurationValue = [
      "window": ["padding": "valid"], "maybe": ["padding": "valid"], "nested": ["beta": 3], "size": ["fixed": [:]],
    ]
    let decoded = try value.decode(Everything.self, over: defaults)
    #expect(decoded.window.width == 7 && decoded.window.padding == .valid)
    #expect(decoded.maybe?.width == 8 && decoded.maybe?.padding == .valid)
    #expect(decoded.nested == Specification("elu", ["alpha": 2, "beta": 3]))
    #expect(decoded.size == .fixed(width: 8))
    #expect(try (["nested": "elu"] as ConfigurationValue).decode(Everything.self, over: defaults).nested == "elu")
    #expect(try (["maybe": nil] as ConfigurationValue).decode(Everything.self, over: defaults).maybe == nil)
  }

  @Test func specificationsRememberTheirPlace() throws {
    struct Stack: ConfigurationFields {
      var layers: [Specification] = ["dense"]
      var schedules: [String: NumberOrSpecification] = [:]
      init() {}
    }
    let value: ConfigurationValue = ["layers": ["a", ["name": "b"]], "schedules": ["rate": "cosine"]]
    let stack = try value.decode(Stack.self)
    #expect(stack.layers.map(\.path.description) == ["layers.0", "layers.1"])
    guard case .specification(let schedule)? = stack.schedules["rate"] else {
      Issue.record("no specification")
      return
    }
    #expect(schedule.path == "schedules.rate")
    #expect(try ([:] as ConfigurationValue).decode(Stack.self).layers.map(\.path.description) == ["layers.0"])
  }

  @Test func whatJSONCannotHoldIsRefused() {
    #expect(message { _ = try ConfigurationValue(encoding: Double.nan) } == "expected a finite number, found nan")
    #expect(
      message { _ = try ConfigurationValue(encoding: ["a": [1, Double.infinity]]) }
        == "a.1: expected a finite number, found inf")
    #expect(
      message { _ = try ConfigurationValue(encoding: [UInt64.max]) }
        == "0: expected a whole number below 2^63, found 18446744073709551615")
  }

  /// Coding by hand, with containers inside containers.
  @Test func nestedContainers() throws {
    struct Hand: Codable, Equatable {
      var x: Int
      var y: [Int]

      enum Keys: String, CodingKey { case inner, list }
      enum InnerKeys: String, CodingKey { case x }

      init(x: Int, y: [Int]) { (self.x, self.y) = (x, y) }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        x = try container.nestedContainer(keyedBy: InnerKeys.self, forKey: .inner).decode(Int.self, forKey: .x)
        var list = try container.nestedUnkeyedContainer(forKey: .list)
        y = []
        while !list.isAtEnd { y.append(try list.decode(Int.self)) }
      }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        var inner = container.nestedContainer(keyedBy: InnerKeys.self, forKey: .inner)
        try inner.encode(x, forKey: .x)
        var list = container.nestedUnkeyedContainer(forKey: .list)
        for value in y { try list.encode(value) }
      }
    }
    let value: ConfigurationValue = ["inner": ["x": 1], "list": [2, 3]]
    #expect(try value.decode(Hand.self) == Hand(x: 1, y: [2, 3]))
    #expect(try ConfigurationValue(encoding: Hand(x: 1, y: [2, 3])) == value)
    let wrong: ConfigurationValue = ["inner": ["x": 1, "z": 2], "list": []]
    #expect(message { _ = try wrong.decode(Hand.self) }.hasPrefix("inner.z: unknown key"))
  }
}
