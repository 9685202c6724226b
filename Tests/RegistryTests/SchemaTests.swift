import AviaryRegistry
import Testing

@Suite struct SchemaTests {
  enum Mode: String, Codable, CaseIterable { case fast, slow }
  enum Unlisted: String, Codable { case one, two }

  struct Part: ConfigurationFields {
    var size = 1
    init() {}
  }

  struct Tree: ConfigurationFields {
    var children: [Tree] = []
    init() {}
  }

  struct Thing: DishDefinition, Registrable {
    struct Configuration: ConfigurationFields {
      var units = 8
      var rate = 0.5
      var on = true
      var text = "t"
      var mode = Mode.slow
      var unlisted = Unlisted.two
      var clip: Double?
      var part = Part()
      var parts: [Part] = []
      var table: [String: [Int]] = [:]
      var maybe: Part?
      var tree = Tree()
      var nested: Specification = "boiler"
      var schedule: NumberOrSpecification = 0.1
      var any: ConfigurationValue = nil
      init() {}
    }

    static let name = "thing"
    static let required: Set = ["units"]
    static let card = Card("A thing.", fields: ["rate": "The rate."])
    init(_ configuration: Configuration, in registries: Registries) {}
    func dish() -> Dish { Dish(label: "", minutes: 0) }
  }

  func entry() throws -> Entry {
    var registries = Registries()
    try registries.register(Thing.self)
    return try registries.entry(of: .dish, named: "thing")
  }

  @Test func fieldsTypesAndDefaults() throws {
    let schema = try entry().schema
    let part = FieldType.object([SchemaField(name: "size", type: .integer, defaultValue: 1)])
    let expected: [SchemaField] = [
      SchemaField(name: "units", type: .integer, isRequired: true),
      SchemaField(name: "rate", type: .number, defaultValue: 0.5),
      SchemaField(name: "on", type: .boolean, defaultValue: true),
      SchemaField(name: "text", type: .string, defaultValue: "t"),
      SchemaField(name: "mode", type: .choice(["fast", "slow"]), defaultValue: "slow"),
      SchemaField(name: "unlisted", type: .string, defaultValue: "two"),
      SchemaField(name: "clip", type: .number, isOptional: true, defaultValue: .null),
      SchemaField(name: "part", type: part, defaultValue: ["size": 1]),
      SchemaField(name: "parts", type: .array(part), defaultValue: []),
      SchemaField(name: "table", type: .dictionary(.array(.integer)), defaultValue: [:]),
      SchemaField(name: "maybe", type: part, isOptional: true, defaultValue: .null),
      SchemaField(
        name: "tree",
        type: .object([SchemaField(name: "children", type: .array(.any), defaultValue: [])]),
        defaultValue: ["children": []]),
      SchemaField(name: "nested", type: .specification(kind: nil), defaultValue: "boiler"),
      SchemaField(name: "schedule", type: .numberOrSpecification(kind: nil), defaultValue: 0.1),
      SchemaField(name: "any", type: .any, defaultValue: .null),
    ]
    #expect(schema.count == expected.count)
    for (found, expected) in zip(schema, expected) { #expect(found == expected) }
  }

  /// A field that hand-written coding reads as an optional, without `decodeIfPresent`.
  @Test func optionalsReadByHand() throws {
    struct Hand: Cook, Registrable {
      struct Configuration: ConfigurationFields {
        var limit: Int? = 3
        init() {}
        init(from decoder: any Decoder) throws {
          limit = try decoder.container(keyedBy: CodingKeys.self).decode(Int?.self, forKey: .limit)
        }
      }
      static let name = "hand"
      static let card = Card("Counts.")
      let minutes = 0.0
      init(_ configuration: Configuration, in registries: Registries) {}
    }
    var registries = Registries()
    try registries.register(Hand.self)
    let entry = try registries.entry(of: .cook, named: "hand")
    #expect(entry.schema == [SchemaField(name: "limit", type: .integer, isOptional: true, defaultValue: 3)])
    #expect(try entry.normalized(["limit": nil]) == ["limit": nil])
  }

  /// A thing that names others, in all ways that a configuration can.
  struct Feast: DishDefinition, Registrable {
    struct Configuration: ConfigurationFields {
      var cook: Specification = "boiler"
      var other: Specification?
      var courses: [[Specification]] = []
      var table: [String: Specification] = [:]
      var rate: NumberOrSpecification = 0.1
      var part = Place()
      var free: Specification = "anything"
      init() {}
    }
    struct Place: ConfigurationFields {
      var guest: Specification?
      init() {}
    }

    static let name = "feast"
    static let card = Card("A feast.")
    init(_ configuration: Configuration, in registries: Registries) throws {
      _ = try registries.make(.cook, configuration.cook)
      for other in [configuration.other, configuration.part.guest].compactMap({ $0 }) {
        _ = try registries.make(.cook, other)
      }
      for dish in configuration.courses.flatMap({ $0 }) + configuration.table.values {
        _ = try registries.make(.dish, dish)
      }
      if case .specification(let rate) = configuration.rate { _ = try registries.make(Kind<Int>("schedule"), rate) }
    }
    func dish() -> Dish { Dish(label: "", minutes: 0) }
  }

  @Test func kindsOfWhatIsNamed() throws {
    var registries = try kitchen()
    try registries.register(Feast.self)
    let entry = try registries.entry(of: .dish, named: "feast")
    #expect(entry.schema[0].type == .specification(kind: nil))
    let guest = SchemaField(
      name: "guest", type: .specification(kind: "cook"), isOptional: true, defaultValue: .null)
    let expected: [FieldType] = [
      .specification(kind: "cook"), .specification(kind: "cook"), .array(.array(.specification(kind: "dish"))),
      .dictionary(.specification(kind: "dish")), .numberOrSpecification(kind: "schedule"), .object([guest]),
      .specification(kind: nil),
    ]
    let found = registries.schema(of: entry)
    #expect(found.map(\.type) == expected)
    #expect(found.map(\.name) == entry.schema.map(\.name) && found[1].isOptional && found[0].defaultValue == "boiler")
    #expect(found[0].type.description == "the name of a cook, or an object with its name")
    #expect(
      FieldType.specification(kind: "optimizer").description == "the name of an optimizer, or an object with its name")
    #expect(found[4].type.description == "a number, the name of a schedule, or an object with its name")
    #expect(found[6].type.description == "a name, or an object with a name")
  }

  @Test func typesInWords() {
    #expect(FieldType.array(.integer).description == "a list, each element a whole number")
    #expect(FieldType.choice(["a", 1]).description == "one of \"a\", 1")
  }

  @Test func jsonSchema() throws {
    let schema = try entry().jsonSchema
    #expect(schema["description"] == "A thing.")
    #expect(schema["required"] == ["name", "units"])
    #expect(schema["additionalProperties"] == false)
    let properties = try #require(schema["properties"])
    #expect(properties["name"] == ["const": "thing"])
    #expect(properties["units"] == ["type": "integer"])
    #expect(properties["rate"] == ["type": "number", "description": "The rate.", "default": 0.5])
    #expect(properties["mode"] == ["enum": ["fast", "slow"], "default": "slow"])
    #expect(properties["clip"] == ["anyOf": [["type": "number"], ["type": "null"]], "default": nil])
    let part: ConfigurationValue = [
      "type": "object", "properties": ["size": ["type": "integer", "default": 1]], "additionalProperties": false,
    ]
    #expect(properties["parts"] == ["type": "array", "items": part, "default": []])
    #expect(
      properties["table"]
        == [
          "type": "object", "additionalProperties": ["type": "array", "items": ["type": "integer"]], "default": [:],
        ])
    let all = try kitchen().jsonSchema
    #expect(all[path: "$defs.cook.anyOf.0.enum"] == ["baker", "bread-baker", "boiler"])
    #expect(all[path: "$defs.dish.anyOf.0.properties.name.const"] == "meal")
  }
}
