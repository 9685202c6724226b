import AviaryRegistry
import Testing

@Suite struct ErrorTests {
  @Test func messages() {
    let error = ConfigurationError(.unexpected(expected: "a positive number", found: "\"fast\""), at: "learningRate")
    #expect(error.description == "learningRate: expected a positive number, found \"fast\"")
    let located = error.inside("stages.0.optimizer").inSource("recipe.json")
    #expect(
      located.description
        == "recipe.json: stages.0.optimizer.learningRate: expected a positive number, found \"fast\"")
    #expect(located.inSource("other.json") == located)
    #expect(ConfigurationError(.invalid("no."), source: "a.json").description == "a.json: no.")
    #expect(
      ConfigurationError(.unknownKey(known: ["learningRate", "momentum"]), at: "optimizer.learningRat").description
        == "optimizer.learningRat: unknown key; did you mean 'learningRate'? (known: learningRate, momentum)")
    #expect(ConfigurationError(.unknownKey(known: []), at: "x").description == "x: unknown key; none is known")
    #expect(
      ConfigurationError(.unknownName(kind: "optimizer", name: "adamm", known: ["adam", "sgd"])).description
        == "unknown optimizer 'adamm'; did you mean 'adam'? (known: adam, sgd)")
  }

  @Test func longListsAreCut() {
    #expect((1...3).map(String.init).listed(atMost: 2) == "1, 2, 3")
    #expect((1...4).map(String.init).listed(atMost: 2) == "1, 2 and 2 more")
    #expect([String]().listed() == "")
    let known = (0..<431).map { "name\($0)" }
    let text = ConfigurationError(.unknownName(kind: "layer", name: "nmae17", known: known)).description
    #expect(text.hasPrefix("unknown layer 'nmae17'; did you mean 'name17'? (known: name0, name1, "))
    #expect(text.hasSuffix("name39 and 391 more)"))
  }

  @Test func locating() {
    #expect(
      message {
        try ConfigurationError.locating(in: "a.json") {
          try ConfigurationError.locating(at: "model") { _ = try String(configurationValue: 3) }
        }
      } == "a.json: model: expected a string, found 3")
    #expect(
      message { try ConfigurationError.locating(in: "a.json") { _ = try ConfigurationValue(parsing: "[") } }
        == "a.json:1:2: expected a value, found the end of the document")
    struct Other: Error {}
    #expect(throws: Other.self) { try ConfigurationError.locating(in: "a.json") { throw Other() } }
  }

  @Test func checks() throws {
    #expect(try Check.positive(0.5, "a") == 0.5)
    #expect(try Check.nonEmpty([1], "a") == [1])
    #expect(try Check.value(0, in: 0..<1, "a") == 0)
    #expect(try Check.value(0.5, between: 0, and: 1, "a") == 0.5)
    #expect(try Check.count([1, 2], is: 2, "a") == [1, 2])
    let failures: [(String, () throws -> Void)] = [
      ("a: expected a positive number, found 0.0", { try Check.positive(0.0, "a") }),
      ("a: expected a positive number, found nan", { try Check.positive(Double.nan, "a") }),
      ("a: expected a positive number, found inf", { try Check.positive(Double.infinity, "a") }),
      ("a: expected a positive whole number, found 0", { try Check.positive(0, "a") }),
      ("a: expected a number of at least 0, found -1.5", { try Check.nonNegative(-1.5, "a") }),
      ("a: expected a number of at least 0, found nan", { try Check.nonNegative(Double.nan, "a") }),
      ("a: expected a whole number of at least 0, found -1", { try Check.nonNegative(-1, "a") }),
      ("a: expected a value from 1 to 5, found 6", { try Check.value(6, in: 1...5, "a") }),
      ("a: expected a value of at least 0.0 and below 1.0, found 1.0", { try Check.value(1, in: 0.0..<1, "a") }),
      ("a: expected a value of at least 0.0 and below 1.0, found nan", { try Check.value(.nan, in: 0.0..<1, "a") }),
      (
        "a: expected a number between 0.0 and 1.0, both excluded, found 1.0",
        { try Check.value(1, between: 0, and: 1, "a") }
      ),
      ("b.c: expected at least one element, found an empty array", { try Check.nonEmpty([Int](), "b.c") }),
      ("a: expected a non-empty string, found \"\"", { try Check.nonEmpty("", "a") }),
      ("a: expected 2 elements, found 3", { try Check.count([1, 2, 3], is: 2, "a") }),
      ("a: expected an even number, found 3", { try Check.that(3 % 2 == 0, "a", "an even number", found: 3) }),
    ]
    for (expected, body) in failures { #expect(message(body) == expected) }
  }
}

@Suite struct SuggestionTests {
  static let known = ["sgd", "adam", "adagrad", "rmsprop", "glorot-uniform", "learningRate", "weightDecay", "units"]

  @Test(
    arguments: [
      ("adamm", "adam"), ("Adam", "adam"), ("ADAM", "adam"), ("adma", "adam"), ("adam ", "adam"), ("adgrad", "adagrad"),
      ("rms-prop", "rmsprop"), ("rmsporp", "rmsprop"), ("learning_rate", "learningRate"),
      ("learningrate", "learningRate"),
      ("learningRat", "learningRate"), ("glorot", "glorot-uniform"), ("glorotUniform", "glorot-uniform"),
      ("decay", nil), ("weight", "weightDecay"), ("unit", "units"), ("sdg", "sgd"), ("gsd", "sgd"), ("lr", nil),
      ("", nil),
      ("x", nil), ("transformer", nil), ("adamw", "adam"), ("unitsPerLayer", "units"),
    ] as [(String, String?)])
  func nearest(_ word: String, _ expected: String?) {
    #expect(Suggestion.nearest(to: word, in: Self.known) == expected)
  }

  @Test func theNearestWinsAndAbsurdWordsCostNothing() {
    #expect(Suggestion.nearest(to: "adagrab", in: ["adam", "adadelta", "adagrad"]) == "adagrad")
    #expect(Suggestion.nearest(to: String(repeating: "a", count: 1_000_000), in: Self.known) == nil)
    #expect(Suggestion.nearest(to: "adam", in: []) == nil)
  }
}
