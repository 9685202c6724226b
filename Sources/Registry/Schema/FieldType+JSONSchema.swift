extension FieldType {
  /// The type as JSON Schema (draft 2020-12), for editors that complete and check recipes.
  public var jsonSchema: ConfigurationValue {
    switch self {
    case .boolean: ["type": "boolean"]
    case .integer: ["type": "integer"]
    case .number: ["type": "number"]
    case .string: ["type": "string"]
    case .choice(let values): ["enum": .array(values)]
    case .array(let element): ["type": "array", "items": element.jsonSchema]
    case .dictionary(let value): ["type": "object", "additionalProperties": value.jsonSchema]
    case .object(let fields): SchemaField.jsonSchema(of: fields)
    case .specification: ["anyOf": [["type": "string"], Self.namedObject]]
    case .numberOrSpecification: ["anyOf": [["type": "number"], ["type": "string"], Self.namedObject]]
    case .either(let first, let second): ["anyOf": [first.jsonSchema, second.jsonSchema]]
    case .any: [:]
    }
  }

  private static var namedObject: ConfigurationValue {
    ["type": "object", "properties": ["name": ["type": "string"]], "required": ["name"]]
  }
}

extension SchemaField {
  /// An object with these fields and no others. `documentation` holds a line a field.
  static func jsonSchema(
    of fields: [SchemaField], named name: String? = nil, documentation: [String: String] = [:]
  ) -> ConfigurationValue {
    var properties = ConfigurationObject()
    if let name { properties["name"] = ["const": .string(name)] }
    for field in fields {
      var property = field.type.jsonSchema
      if field.isOptional { property = ["anyOf": [property, ["type": "null"]]] }
      property["description"] = documentation[field.name].map(ConfigurationValue.string)
      property["default"] = field.defaultValue
      properties[field.name] = property
    }
    var required = fields.filter(\.isRequired).map { ConfigurationValue.string($0.name) }
    if name != nil { required.insert("name", at: 0) }
    var schema: ConfigurationValue = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { schema["required"] = .array(required) }
    schema["additionalProperties"] = false
    return schema
  }
}

extension Entry {
  /// The specification of this entry in its long form, as JSON Schema.
  public var jsonSchema: ConfigurationValue {
    var schema = SchemaField.jsonSchema(of: self.schema, named: name, documentation: card.fields)
    schema["description"] = .string(card.summary)
    return schema
  }
}

extension Registries {
  /// Everything registered as one JSON Schema: `#/$defs/optimizer` is any optimizer, by its bare name or at length.
  public var jsonSchema: ConfigurationValue {
    var definitions = ConfigurationObject()
    for kind in kinds {
      let entries = entries(ofKind: kind.name)
      let short = entries.filter(\.required.isEmpty).flatMap { [$0.name] + $0.aliases }
      let names: ConfigurationValue = ["enum": .array(short.map(ConfigurationValue.string))]
      definitions[kind.name] = ["anyOf": .array((short.isEmpty ? [] : [names]) + entries.map(\.jsonSchema))]
    }
    return ["$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": .object(definitions)]
  }
}
