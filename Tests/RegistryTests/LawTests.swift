import AviaryRegistry
import AviaryTestSupport
import Testing

@Suite struct LawTests {
  @Test func lawfulEntriesPass() throws {
    let registries = try kitchen()
    #expect(registries.entries.count == 3)
    for entry in registries.entries { #expect(checkRegistrable(entry, in: registries) == []) }
  }

  @Test func brokenEntriesAreFound() throws {
    var registries = try kitchen()
    try registries.register(Sloppy.self)
    let violations = checkRegistrable(
      try registries.entry(of: .cook, named: "sloppy"), in: registries, requiresFormula: true)
    let expected = [
      "cannot be made from its defaults: size: expected a positive whole number, found 0",
      "its written defaults mean something else when read",
      "it reads the fields [\"count\", \"size\"] and writes [\"count\", \"extra\", \"size\"]",
      "size = -1 gives an error without a path",
      "count = 0 gives an error at 'elsewhere', which is no field",
      "its card needs a summary that is a sentence",
      "its card needs a formula",
      "its card does not document [\"count\"]",
      "its card documents [\"sizes\"], which are no fields",
      "its card's line for 'size' is not one line",
      "cannot be resolved",
    ]
    for text in expected { #expect(violations.contains { $0.contains(text) }, "not found: \(text)") }
  }

  @Test func twinsAreFound() throws {
    let registries = try kitchen()
    #expect(checkDistinct(.cook, in: registries) { $0.minutes } == [])
    #expect(
      checkDistinct(.cook, in: registries) { $0.minutes > 0 } == ["cook 'boiler' behaves like 'baker'"])
    #expect(
      checkDistinct(.dish, in: registries) { $0.label } == ["dish 'meal': label: missing; expected a string"])
    #expect(checkDistinct(.dish, in: registries, required: ["meal": ["label": "x"]]) { $0.label } == [])
  }

  /// Breaks as many laws as one type can.
  struct Sloppy: Cook, Registrable {
    struct Configuration: ConfigurationFields {
      var size = 0
      var count = 1

      init() {}

      enum Keys: String, CodingKey { case size, count, extra }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        size = try container.decode(Int.self, forKey: .size)
        count = try container.decode(Int.self, forKey: .count) &+ 1
      }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(size, forKey: .size)
        try container.encode(count, forKey: .count)
        try container.encode(0, forKey: .extra)
      }
    }

    struct Failure: Error {}

    static let name = "sloppy"
    static let card = Card("", fields: ["sizes": "Sizes.", "size": ""])
    let minutes = 0.0

    init(_ configuration: Configuration, in registries: Registries) throws {
      if configuration.size < 0 { throw Failure() }
      try Check.that(configuration.count > 1, "elsewhere", "more", found: configuration.count)
      try Check.positive(configuration.size, "size")
    }
  }
}
