extension FieldType {
  /// The type as JSON Schema (draft 2020-12), for completion and validation in editors. `rule` restricts its numbers.
  func jsonSchema(_ rule: Rule? = nil) -> ConfigurationValue {
    switch self {
    case .boolean: ["type": "boolean"]
    case .integer: FieldType.bounded("integer", rule)
    case .number: FieldType.bounded("number", rule)
    case .string: rule.map { ["type": "string", "minLength": .integer($0.minimumCount)] } ?? ["type": "string"]
    case .choice(let values): ["enum": .array(values)]
    case .array(let element):
      ["type": "array", "items": element.jsonSchema(rule), "minItems": .integer(rule?.minimumCount ?? 0)]
    case .object(let fields): SchemaField.jsonSchema(of: fields)
    case .specification(let kind): ["anyOf": .array(FieldType.named(kind))]
    case .numberOrSpecification(let kind):
      ["anyOf": .array([FieldType.bounded("number", rule)] + FieldType.named(kind))]
    case .either(let first, let second): ["anyOf": [first.jsonSchema(rule), second.jsonSchema(rule)]]
    case .any: [:]
    }
  }

  private static func bounded(_ type: String, _ rule: Rule?) -> ConfigurationValue {
    var schema: ConfigurationValue = ["type": .string(type)]
    if let lower = rule?.lower {
      schema[lower.isIncluded ? "minimum" : "exclusiveMinimum"] = ConfigurationValue(number: lower.value)
    }
    if let upper = rule?.upper {
      schema[upper.isIncluded ? "maximum" : "exclusiveMaximum"] = ConfigurationValue(number: upper.value)
    }
    return schema
  }

  private static var namedObject: ConfigurationValue {
    ["type": "object", "properties": ["name": ["type": "string"]], "required": ["name"]]
  }

  /// A registered thing: its name, or an object with its name; a reference if its kind is defined alongside.
  private static func named(_ kind: String?) -> [ConfigurationValue] {
    kind.map { [["$ref": .string("#/$defs/\($0)")]] } ?? [["type": "string"], namedObject]
  }
}

extension SchemaField {
  /// An object with exactly these fields.
  static func jsonSchema(of fields: [SchemaField], named name: String? = nil) -> ConfigurationValue {
    var properties = ConfigurationObject()
    if let name { properties["name"] = ["const": .string(name)] }
    for field in fields {
      var property = field.type.jsonSchema(field.rule)
      if field.isOptional { property = ["anyOf": [property, ["type": "null"]]] }
      if !field.text.isEmpty { property["description"] = .string(field.summary) }
      if !field.isRequired { property["default"] = field.defaultValue }
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
  /// The long form of this entry's specification as JSON Schema.
  public var jsonSchema: ConfigurationValue {
    var schema = SchemaField.jsonSchema(of: self.schema, named: name)
    schema["description"] = .string(card.summary)
    return schema
  }
}

extension Registries {
  /// All registered things as one JSON Schema: `#/$defs/optimizer` is any optimizer, as a bare name or an object.
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
