import AviaryRegistry
import Testing

@Suite struct RegistrationTests {
  /// Something to register under a name and with fields chosen by the test.
  struct Named<Choice: NameChoice>: Cook, Registrable {
    static var name: String { Choice.name }
    static var aliases: [String] { Choice.aliases }
    static var card: Card { Card("Cooks.") }
    let time = 0.0
  }

  protocol NameChoice: Sendable {
    static var name: String { get }
    static var aliases: [String] { get }
  }

  enum Taken: NameChoice { static let (name, aliases) = ("baker", [String]()) }
  enum TakenAlias: NameChoice { static let (name, aliases) = ("new", ["bread-baker"]) }
  enum TakenByAlias: NameChoice { static let (name, aliases) = ("bread-baker", [String]()) }
  enum Twice: NameChoice { static let (name, aliases) = ("new", ["new"]) }
  enum Upper: NameChoice { static let (name, aliases) = ("New", [String]()) }
  enum Empty: NameChoice { static let (name, aliases) = ("", [String]()) }
  enum Dotted: NameChoice { static let (name, aliases) = ("a.b", [String]()) }
  enum Digit: NameChoice { static let (name, aliases) = ("2d", [String]()) }
  enum Trailing: NameChoice { static let (name, aliases) = ("new-", [String]()) }
  enum BadAlias: NameChoice { static let (name, aliases) = ("new", ["a b"]) }
  enum Good: NameChoice { static let (name, aliases) = ("acme/cook-2", ["acme-cook"]) }

  func failure<R: Registrable>(_: R.Type) throws -> RegistrationError? {
    var registries = try kitchen()
    let before = registries.entries.map(\.name)
    let error = #expect(throws: RegistrationError.self) { try registries.register(R.self) }
    #expect(registries.entries.map(\.name) == before)
    return error
  }

  @Test func namesAreTakenOnce() throws {
    #expect(try failure(Named<Taken>.self) == .duplicateName(kind: "cook", name: "baker"))
    #expect(try failure(Named<TakenAlias>.self) == .duplicateName(kind: "cook", name: "bread-baker"))
    #expect(try failure(Named<TakenByAlias>.self) == .duplicateName(kind: "cook", name: "bread-baker"))
    #expect(try failure(Named<Twice>.self) == .duplicateName(kind: "cook", name: "new"))
  }

  @Test func namesAreWellFormed() throws {
    #expect(try failure(Named<Upper>.self) == .invalidName(kind: "cook", name: "New"))
    #expect(try failure(Named<Empty>.self) == .invalidName(kind: "cook", name: ""))
    #expect(try failure(Named<Dotted>.self) == .invalidName(kind: "cook", name: "a.b"))
    #expect(try failure(Named<Digit>.self) == .invalidName(kind: "cook", name: "2d"))
    #expect(try failure(Named<Trailing>.self) == .invalidName(kind: "cook", name: "new-"))
    #expect(try failure(Named<BadAlias>.self) == .invalidName(kind: "cook", name: "a b"))
    var registries = try kitchen()
    try registries.register(Named<Good>.self)
    #expect(try registries.entry(of: .cook, named: "acme-cook").name == "acme/cook-2")
  }

  struct Reserved: Cook, Registrable {
    static let name = "reserved"
    static let card = Card("Cooks.")
    @Field("Its name") var name = "x"
    let time = 0.0
  }

  struct Unwritable: Cook, Registrable {
    static let name = "unwritable"
    static let card = Card("Cooks.")
    @Field("The limit") var limit = Double.infinity
    let time = 0.0
  }

  @Test func configurationsAreUsable() throws {
    #expect(try failure(Reserved.self) == .reservedField(kind: "cook", name: "reserved"))
    let error = try failure(Unwritable.self)
    #expect(
      error?.description
        == "cannot register the cook 'unwritable': its defaults cannot be written: "
        + "limit: expected a finite number, found inf")
  }

  struct Rival: Registrable {
    static let kind = Kind<Int>("cook")
    static let name = "rival"
    static let card = Card("Counts.")
    func product() -> Int { 1 }
  }

  /// Its own product, without a protocol between.
  struct Pan: Registrable, Equatable {
    static let kind = Kind<Pan>("pan")
    static let name = "iron"
    static let card = Card("Heavy.")
  }

  @Test func kindsAreDistinct() throws {
    #expect(try failure(Rival.self) == .duplicateKind(name: "cook"))
    var registries = try kitchen()
    try registries.register(Pan.self)
    #expect(try registries.make(Pan.self, "iron") == Pan())
    #expect(registries.kinds.map(\.name) == ["cook", "dish", "pan"])
    #expect(registries.kinds.map(\.plural) == ["cooks", "dishes", "pans"])
  }

  @Test func looking() throws {
    let registries = try kitchen()
    #expect(registries.entries.map(\.name) == ["baker", "boiler", "meal"])
    #expect(registries.entries(ofKind: "cook").map(\.name) == ["baker", "boiler"])
    #expect(registries.entries(ofKind: "dishes").map(\.name) == ["meal"])
    #expect(registries.entries(ofKind: "plumber").isEmpty)
    #expect(registries.entries(of: .cook).map(\.name) == ["baker", "boiler"])
    #expect(registries.entries(named: "bread-baker").map(\.name) == ["baker"])
    #expect(try registries.entry(ofKind: "cooks", named: "bread-baker").name == "baker")
    #expect(
      message { _ = try registries.entry(ofKind: "coock", named: "x") }
        == "unknown kind 'coock'; did you mean 'cook'? (known: cook, dish)")
    #expect(
      message { _ = try registries.entry(ofKind: "cooks", named: "x") }
        == "unknown cook 'x'; known: baker, boiler")
    #expect(
      message { _ = try Registries().make(.cook, "baker") } == "unknown cook 'baker'; none is known")
    #expect(message { _ = try registries.make(Int.self, "baker") } == "unknown Int 'baker'; none is known")
  }

  @Test func registriesAreValues() throws {
    let registries = try kitchen()
    var copy = registries
    try copy.register(Named<Good>.self)
    #expect(copy.entries.count == registries.entries.count + 1)
  }
}

@Suite struct ResolutionTests {
  @Test func defaultsAreFilledInAtEveryDepth() throws {
    let registries = try kitchen()
    let specification = Specification("bread-baker", ["helper": ["name": "bread-baker", "helper": "boiler"]])
    let resolved = try registries.resolved(.cook, specification)
    #expect(
      resolved.value == [
        "name": "baker", "minutes": 30.0, "loaves": 2, "oven": "electric",
        "helper": ["name": "baker", "minutes": 30.0, "loaves": 2, "oven": "electric", "helper": "boiler"],
      ])
    #expect(try registries.resolved(.cook, resolved) == resolved)
    let meal = try registries.resolved(
      Specification("meal", ["label": "x", "courses": [["cook": "baker"], [:]]]), ofKind: "dish")
    #expect(meal.configuration["courses"]?[0]?["cook"]?["minutes"] == 30.0)
    #expect(meal.configuration["courses"]?[1] == ["title": "soup", "cook": "boiler"])
    #expect(meal.configuration["table"] == ["title": "soup", "cook": "boiler"])
    #expect(try registries.make(Dish.self, meal) == Dish(label: "x", minutes: 70))
  }

  @Test func emptiedOptionalsStayEmpty() throws {
    struct Clipper: Cook, Registrable {
      static let name = "clipper"
      static let card = Card("Clips.")
      @Field("Where") var clip: Double? = 5
      var time: Double { clip ?? 0 }
    }
    var registries = Registries()
    try registries.register(Clipper.self)
    let resolved = try registries.resolved(.cook, Specification("clipper", ["clip": nil]))
    #expect(resolved.value == ["name": "clipper", "clip": nil])
    #expect(try registries.make(.cook, resolved).time == 0)
    #expect(try registries.make(.cook, "clipper").time == 5)
  }

  /// A file with unreasonably deep nesting causes an error, not a stack overflow.
  @Test func depthEnds() throws {
    let registries = try kitchen()
    var nested: ConfigurationValue = "boiler"
    for _ in 0..<60 { nested = ["name": "baker", "helper": nested] }
    #expect(
      message { _ = try registries.make(.cook, Specification(nested)) }
        .hasSuffix("helper: specifications are nested deeper than 40 levels"))
  }

  @Test func errorsOfInitializersPassUnchanged() throws {
    struct Failing: Cook, Registrable {
      struct Failure: Error {}
      static let name = "failing"
      static let card = Card("Fails.")
      @Field("Whether it fails") var fails = false
      let time = 0.0
      func validate() throws { if fails { throw Failure() } }
    }
    var registries = Registries()
    try registries.register(Failing.self)
    #expect(throws: Failing.Failure.self) { try registries.make(.cook, "failing", ["fails": true]) }
  }
}
