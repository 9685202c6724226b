import AviaryRegistry
import Testing

@Suite struct SchemaTests {
  enum Mode: String, CaseIterable, FieldValue { case fast, slow }

  struct Part: FieldGroup {
    @Field("Its size", .positive) var size = 1
  }

  struct Thing: DishDefinition, Registrable {
    static let name = "thing"
    static let card = Card("A thing.")

    @Field("Number of units", .positive, example: 8) var units: Int
    @Field("The rate", .in(0..<1)) var rate = 0.5
    @Field("Whether it is on") var on = true
    @Field("A text") var text = "t"
    @Field("A mode") var mode = Mode.slow
    @Field("Where to clip") var clip: Double?
    @Field("A part") var part = Part()
    @Field("More parts", .nonEmpty) var parts = [Part()]
    @Field("Numbers") var table: [[Int]] = []
    @Field(.cook, "Who makes it") var nested: any Cook = Boiler()
    @Field(.cook, "Helpers") var helpers: [any Cook] = []
    @Field("Anything") var any: ConfigurationValue = nil

    func dish() -> Dish { Dish(label: "", minutes: 0) }
  }

  private func entry() throws -> Entry {
    var registries = try kitchen()
    try registries.register(Thing.self)
    return try registries.entry(of: .dish, named: "thing")
  }

  @Test func fieldsTypesAndDefaults() throws {
    let schema = try entry().schema
    let part = FieldType.object(Part().schema)
    let expected: [(String, FieldType, ConfigurationValue)] = [
      ("units", .integer, 8), ("rate", .number, 0.5), ("on", .boolean, true), ("text", .string, "t"),
      ("mode", .choice(["fast", "slow"]), "slow"), ("clip", .number, .null), ("part", part, [:]),
      ("parts", .array(part), [[:]]), ("table", .array(.array(.integer)), []),
      ("nested", .specification(kind: "cook"), "boiler"), ("helpers", .array(.specification(kind: "cook")), []),
      ("any", .any, .null),
    ]
    #expect(schema.map(\.name) == expected.map(\.0))
    #expect(schema.map(\.type) == expected.map(\.1))
    #expect(schema.map(\.defaultValue) == expected.map(\.2))
    #expect(schema.filter(\.isRequired).map(\.name) == ["units"])
    #expect(schema.filter(\.isOptional).map(\.name) == ["clip", "any"])
    #expect(schema[1].text == "The rate" && schema[1].rule == .in(0..<1) && schema[1].summary == "The rate; in [0, 1)")
    #expect(Part().schema.map(\.name) == ["size"] && Part().schema[0].rule == .positive)
  }

  @Test func typesInWords() {
    #expect(FieldType.array(.integer).description == "a list, each element a whole number")
    #expect(FieldType.choice(["a", 1]).description == "one of \"a\", 1")
    #expect(FieldType.specification(kind: "cook").description == "the name of a cook, or an object with its name")
    #expect(
      FieldType.specification(kind: "optimizer").description == "the name of an optimizer, or an object with its name")
    #expect(
      FieldType.numberOrSpecification(kind: "schedule").description
        == "a number, the name of a schedule, or an object with its name")
    #expect(FieldType.specification(kind: nil).description == "a name, or an object with a name")
  }

  @Test func jsonSchema() throws {
    let schema = try entry().jsonSchema
    #expect(schema["description"] == "A thing.")
    #expect(schema["required"] == ["name", "units"])
    #expect(schema["additionalProperties"] == false)
    let properties = try #require(schema["properties"])
    #expect(properties["name"] == ["const": "thing"])
    #expect(
      properties["units"] == [
        "type": "integer", "exclusiveMinimum": 0, "description": "Number of units; above 0",
      ])
    #expect(
      properties["rate"] == [
        "type": "number", "minimum": 0, "exclusiveMaximum": 1, "description": "The rate; in [0, 1)", "default": 0.5,
      ])
    #expect(properties["mode"] == ["enum": ["fast", "slow"], "description": "A mode", "default": "slow"])
    #expect(
      properties["clip"] == [
        "anyOf": [["type": "number"], ["type": "null"]], "description": "Where to clip", "default": nil,
      ])
    #expect(properties["parts"]?["items"]?["properties"]?["size"]?["exclusiveMinimum"] == 0)
    #expect(properties["parts"]?["minItems"] == 1)
    #expect(properties["nested"]?["anyOf"] == [["$ref": "#/$defs/cook"]])
    let all = try kitchen().jsonSchema
    #expect(all[path: "$defs.cook.anyOf.0.enum"] == ["baker", "bread-baker", "boiler"])
    #expect(all[path: "$defs.dish.anyOf.0.properties.name.const"] == "meal")
  }
}
