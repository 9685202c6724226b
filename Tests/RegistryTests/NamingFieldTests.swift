import AviaryRegistry
import Testing

/// Fields that name things made later, as in a recipe's stages.
@Suite struct NamingFieldTests {
  private protocol Dish: Sendable {}

  private struct Soup: Dish, Registrable {
    static var kind: Kind<any Dish> { NamingFieldTests.dish }
    static let name = "soup"
    static let card = Card("A soup.")
    @Field("Amount of salt", .nonNegative) var salt = 1
    func product() -> any Dish { self }
  }

  private static let dish = Kind<any Dish>("dish", plural: "dishes")

  private struct Menu: FieldGroup {
    @Field(naming: dish, "First course") var first: Specification = "soup"
    @Field(naming: dish, "Main course", example: "soup") var main: Specification
    @Field(naming: dish, "Last course") var last: Specification?
    @Field(naming: dish, "What stands beside them") var sides: [Specification] = []
    @Field(dish, "For children", example: Soup()) var small: any Dish
    @Field(dish, "At midnight") var late: [any Dish] = []
  }

  private struct Nameless: Dish {}

  @Test func theSchemaTellsTheirKind() {
    let type = FieldType.specification(kind: "dish")
    #expect(Menu().schema.map(\.type) == [type, type, type, .array(type), type, .array(type)])
    #expect(Menu().schema.map(\.isRequired) == [false, true, false, false, true, false])
    #expect(Menu().schema.map(\.isOptional) == [false, false, true, false, false, false])
  }

  @Test func theyAreReadAndWrittenWithoutBeingMade() throws {
    let object: ConfigurationObject = [
      "first": ["salt": 2], "main": ["name": "roast", "of": "beef"], "last": "cake",
      "sides": ["rice", ["name": "peas"]],
      "small": "soup",
    ]
    var registries = Registries()
    try registries.register(Soup.self)
    let menu = try Menu(object, in: registries)
    // An object without a name changes the default.
    #expect(menu.first == Specification("soup", ["salt": 2]))
    #expect(
      menu.main == Specification("roast", ["of": "beef"]) && menu.last == "cake" && menu.sides == ["rice", "peas"])
    #expect(
      try menu.configuration() == [
        "first": ["name": "soup", "salt": 2], "main": ["name": "roast", "of": "beef"], "last": "cake",
        "sides": ["rice", "peas"], "small": "soup",
      ])
  }

  /// An example is not a default that an object without a name could change.
  @Test(arguments: ["main", "small"]) func anExampleIsNotChanged(_ key: String) throws {
    var registries = Registries()
    try registries.register(Soup.self)
    var object: ConfigurationObject = ["main": "soup", "small": "soup"]
    object[key] = ["salt": 2]
    let error = #expect(throws: ConfigurationError.self) { try Menu(object, in: registries) }
    #expect(error?.path == ConfigurationPath([.key(key), .key("name")]))
  }

  @Test func whatCannotBeWrittenIsToldWithItsPlaceInAList() {
    var menu = Menu()
    menu.late = [Soup(), Nameless()]
    let error = #expect(throws: ConfigurationError.self) { try menu.configuration() }
    #expect(error?.path == "late.1")
  }
}
