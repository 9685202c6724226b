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
    try registries.register(Forgetful.self)
    let sloppy = try checkRegistrable(
      registries.entry(of: .cook, named: "sloppy"), in: registries, requiresFormula: true)
    for text in [
      "cannot be made from its defaults: size: expected a positive whole number, found 0",
      "size = -1 gives an error without a path",
      "count = 0 gives an error at 'elsewhere', which is no field",
      "its card needs a summary that is a sentence", "its card needs a formula",
      "the text of 'size' is not a line without a full stop", "cannot be resolved",
    ] {
      #expect(sloppy.contains { $0.contains(text) }, "not found: \(text) in \(sloppy)")
    }
    let forgetful = try checkRegistrable(registries.entry(of: .cook, named: "forgetful"), in: registries)
    for text in ["is written as", "1.0 should be refused at 'share', but: no such error"] {
      #expect(forgetful.contains { $0.contains(text) }, "not found: \(text) in \(forgetful)")
    }
  }

  @Test func twinsAreFound() throws {
    let registries = try kitchen()
    #expect(checkDistinct(.cook, in: registries) { $0.time } == [])
    #expect(
      checkDistinct(.cook, in: registries) { $0.time > 0 } == ["cook 'boiler' behaves like 'baker'"])
    #expect(
      checkDistinct(.dish, in: registries) { $0.label } == ["dish 'meal': label: missing; expected a string"])
    #expect(checkDistinct(.dish, in: registries, required: ["meal": ["label": "x"]]) { $0.label } == [])
  }

  /// Breaks as many laws as one type can.
  struct Sloppy: Cook, Registrable {
    struct Failure: Error {}

    static let name = "sloppy"
    static let card = Card("")

    @Field("Its size.") var size = 0
    @Field("How many") var count = 2
    let time = 0.0

    func validate() throws {
      if size < 0 { throw Failure() }
      try Check.that(count > 1, "elsewhere", "more", found: count)
      try Check.positive(size, "size")
    }
  }

  /// Accepts values that its rules refuse, and does not write what it was given.
  struct Forgetful: Cook, Registrable {
    struct Share: FieldValue {
      var value = 0.5
      static var fieldType: FieldType { .number }
      init() {}
      init(configurationValue: ConfigurationValue) throws { value = try Double(configurationValue: configurationValue) }
      var configurationValue: ConfigurationValue { .number(min(value, 0.75)) }
    }

    static let name = "forgetful"
    static let card = Card("Forgets.")

    @Field("A share", .in(0..<1)) var share = Share()
    let time = 0.0
  }
}
