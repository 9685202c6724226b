import AviaryRegistry
import Testing

/// Fields of every type are read, checked and written.
@Suite struct FieldTests {
  enum Padding: String, CaseIterable, FieldValue { case same, valid }

  struct Window: FieldGroup {
    @Field("Its width", .positive) var width = 3
    @Field("What happens at the border") var padding = Padding.same
  }

  /// Fields that two configurations share, without a key of their own.
  struct Range: FieldGroup {
    @Field("The least") var low = 0.0
    @Field("The greatest") var high = 1.0

    func validate() throws { try Check.that(low < high, "high", "a number above low, \(low)", found: high) }
  }

  struct Everything: FieldGroup {
    @Field("A flag") var flag = false
    @Field("A whole number") var whole = 1
    @Field("A number") var number = 4.5
    @Field("A share", .in(0..<1)) var share = 0.5
    @Field("A text", .nonEmpty) var text = "x"
    @Field("A choice") var padding = Padding.same
    @Field("A number or none", .positive) var clip: Double? = 5
    @Field("A whole number or none", .in(1...10)) var limit: Int?
    @Field("An object") var window = Window()
    @Field("Numbers", .positive) var list = [1, 2]
    @Field("Objects", .nonEmpty) var windows = [Window()]
    @Field("Numbers and holes") var gaps: [Int?] = []
    @Field("Anything") var any: ConfigurationValue = nil
    @Field(.cook, "Somebody") var cook: any Cook = Boiler()
    @Field(.cook, "Somebody or nobody") var helper: (any Cook)?
    @Field(.cook, "Several") var cooks: [any Cook] = []
    var range = Range()
  }

  private func read(_ value: ConfigurationValue) throws -> Everything {
    try Everything(value.objectValue ?? [:], in: kitchen())
  }

  @Test func nothingIsTheDefaults() throws {
    let defaults = try Everything().configuration(isComplete: true)
    #expect(try read([:]).configuration(isComplete: true) == defaults)
    #expect(try read(.object(defaults)).configuration(isComplete: true) == defaults)
    #expect(try ConfigurationValue(parsing: ConfigurationValue.object(defaults).json()) == .object(defaults))
    #expect(try Everything().configuration() == [:])
    #expect(defaults["limit"] == .null && defaults["low"] == 0.0 && defaults["cook"] == "boiler")
  }

  @Test func everyTypeIsReadAndWritten() throws {
    let value: ConfigurationObject = [
      "flag": true, "whole": -7, "number": 3.0, "share": 0.0, "text": "é", "padding": "valid", "clip": nil, "limit": 4,
      "window": ["width": 9], "list": [], "windows": [[:], ["width": 1]], "gaps": [1, nil], "any": ["x": [1]],
      "cook": ["name": "baker", "minutes": 1.0], "helper": "boiler",
      "cooks": ["boiler", ["name": "baker", "loaves": 3]],
      "low": -1.0, "high": 2.0,
    ]
    let everything = try Everything(value, in: kitchen())
    #expect(everything.flag && everything.whole == -7 && everything.number == 3 && everything.text == "é")
    #expect(everything.padding == .valid && everything.clip == nil && everything.limit == 4)
    #expect(everything.window.width == 9 && everything.window.padding == .same && everything.list == [])
    #expect(everything.windows.map(\.width) == [3, 1] && everything.gaps == [1, nil])
    #expect(everything.cook.time == 2 && everything.helper?.time == 5 && everything.cooks.map(\.time) == [5, 90])
    #expect(everything.range.low == -1 && everything.range.high == 2)
    // An integer may be written as any number.
    #expect(try read(["limit": 4.0]).limit == 4)
    #expect(try everything.configuration() == value)
    let text = ConfigurationValue.object(try everything.configuration(isComplete: true)).json(prettyPrinted: true)
    #expect(try read(ConfigurationValue(parsing: text)).configuration() == value)
  }

  @Test(
    arguments: [
      (["flag": 1], "flag: expected true or false, found 1"),
      (["whole": 1.5], "whole: expected a whole number, found 1.5"),
      (["whole": 1e19], "whole: expected a whole number, found 1e+19"),
      (["whole": "1"], "whole: expected a whole number, found \"1\""),
      (["whole": nil], "whole: expected a whole number, found null"),
      (["number": true], "number: expected a number, found true"),
      (["share": 1], "share: expected a number in [0, 1), found 1.0"),
      (["share": -0.5], "share: expected a number in [0, 1), found -0.5"),
      (["text": 3], "text: expected a string, found 3"),
      (["text": ""], "text: expected a non-empty string, found \"\""),
      (["text": [:]], "text: expected a string, found an empty object"),
      (["padding": "sane"], "padding: expected one of \"same\", \"valid\", found \"sane\"; did you mean 'same'?"),
      (["padding": 3], "padding: expected one of \"same\", \"valid\", found 3"),
      (["clip": "x"], "clip: expected a number, found \"x\""),
      (["clip": 0], "clip: expected a number above 0, found 0.0"),
      (["limit": 11], "limit: expected a whole number in [1, 10], found 11"),
      (["window": 3], "window: expected an object, found 3"),
      (["window": ["widht": 3]], "window.widht: unknown key; did you mean 'width'? (known: width, padding)"),
      (["window": ["width": 0]], "window.width: expected a whole number above 0, found 0"),
      (["list": 3], "list: expected a list, each element a whole number, found 3"),
      (["list": [1, "x"]], "list.1: expected a whole number, found \"x\""),
      (["list": [1, -1]], "list.1: expected a whole number above 0, found -1"),
      (["windows": []], "windows: expected at least one element, found an empty array"),
      (["windows": [[:], ["width": 0.5]]], "windows.1.width: expected a whole number, found 0.5"),
      (["windows": [["w": 1]]], "windows.0.w: unknown key; known: width, padding"),
      (["cook": 3], "cook: expected a name or an object with a \"name\", found 3"),
      (["cook": ["name": 3]], "cook.name: expected a name, found 3"),
      (["cook": "bakker"], "cook: unknown cook 'bakker'; did you mean 'baker'? (known: baker, boiler)"),
      (["cook": ["name": "baker", "minutes": -1]], "cook.minutes: expected a number above 0, found -1.0"),
      (["helper": ["loaves": 1]], "helper.name: missing; expected the name of what this configures"),
      (
        ["cooks": ["boiler", ["name": "baker", "oven": "wood"]]],
        "cooks.1.oven: expected one of \"electric\", \"gas\", found \"wood\""
      ),
      (["high": -1], "high: expected a number above low, 0.0, found -1.0"),
    ] as [(ConfigurationValue, String)])
  func wrongValues(_ value: ConfigurationValue, _ expected: String) {
    #expect(message { _ = try read(value) } == expected)
  }

  @Test func unknownKeysNameAllKnownOnes() {
    let known =
      "flag, whole, number, share, text, padding, clip, limit, window, list, windows, gaps, any, cook, helper, "
    #expect(
      message { _ = try read(["numbr": 1]) }
        == "numbr: unknown key; did you mean 'number'? (known: \(known)cooks, low, high)")
  }

  /// An object without a name changes what the default is configured with.
  @Test func fieldsOfADefaultAreKeptInside() throws {
    struct Shop: FieldGroup {
      @Field(.cook, "Somebody") var cook: any Cook = Shop.busy
      static var busy: Baker {
        var baker = Baker()
        baker.loaves = 7
        return baker
      }
    }
    let shop = try Shop(["cook": ["minutes": 1]], in: kitchen())
    #expect((shop.cook as? Baker)?.loaves == 7 && shop.cook.time == 7)
    #expect(try Shop(["cook": "baker"], in: kitchen()).cook.time == 60)
  }

  @Test func copiesDoNotShareChanges() {
    var (first, second) = (Everything(), Everything())
    let copy = first
    first.whole = 9
    first.range.low = 0.25
    #expect(copy.whole == 1 && copy.range.low == 0)
    second = first
    second.whole = 10
    #expect(first.whole == 9 && second.range.low == 0.25)
  }

  @Test func valuesMadeInSwiftAreChecked() {
    var everything = Everything()
    everything.share = 1
    #expect(message { _ = try everything.checked() } == "share: expected a number in [0, 1), found 1.0")
    everything.share = .nan
    #expect(message { _ = try everything.checked() } == "share: expected a finite number, found nan")
    everything.share = 0
    everything.range.high = -3
    #expect(message { _ = try everything.checked() } == "high: expected a number above low, 0.0, found -3.0")
  }

  @Test func whatJSONCannotHoldIsRefused() {
    var everything = Everything()
    everything.number = .infinity
    #expect(message { _ = try everything.configuration() } == "number: expected a finite number, found inf")
  }

  @Test func declaredValuesAreFoundByType() {
    let numbers = Everything().declaredValues(of: Double.self)
    #expect(numbers.map(\.name) == ["number", "share", "clip", "low", "high"])
    #expect(
      numbers.map(\.value) == [4.5, 0.5, 5, 0, 1] && numbers.map(\.rule) == [nil, .in(0..<1), .positive, nil, nil])
    #expect(Everything().declaredValues(of: (any Cook).self).map(\.name) == ["cook"])
  }
}

@Suite struct RuleTests {
  @Test func wordsOfARule() {
    let words: [(Rule, String)] = [
      (.positive, "above 0"), (.nonNegative, "at least 0"), (.in(0..<1), "in [0, 1)"), (.in(1...3), "in [1, 3]"),
      (.between(0, 1), "in (0, 1)"), (.atLeast(2), "at least 2"), (.above(0.5), "above 0.5"), (.nonEmpty, "not empty"),
      (.positive.nonEmpty, "above 0, not empty"),
    ]
    for (rule, expected) in words { #expect("\(rule)" == expected) }
  }

  @Test func numbersThatChange() {
    let rule = Rule.in(0..<1)
    #expect(rule.allows(0) && !rule.allows(1) && !rule.allows(.nan) && !rule.allows(.infinity))
    #expect(!Rule.positive.allows(0) && Rule.positive.atAnyMoment.allows(0) && !Rule.positive.atAnyMoment.allows(-1e-9))
    #expect(!Rule.nonEmpty.allows(.nan))
  }
}
