import AviaryRegistry

/// Draws configurations that a schema allows, always the same ones.
struct ConfigurationGenerator {
  let registries: Registries
  private var state: UInt64 = 0

  init(_ registries: Registries) { self.registries = registries }

  /// A configuration with these fields; about half of those with a default are left out.
  mutating func object(_ fields: [SchemaField], depth: Int) -> ConfigurationObject {
    var object = ConfigurationObject()
    for field in fields where field.isRequired || isHeads() {
      object[field.name] = field.isOptional && isHeads() ? .null : value(field.type, field, depth: depth)
    }
    return object
  }

  private mutating func value(_ type: FieldType, _ field: SchemaField, depth: Int) -> ConfigurationValue {
    let example = field.defaultValue ?? .null
    switch type {
    case .boolean: return .boolean(isHeads())
    case .integer:
      let (least, greatest) = (field.rule?.lower, field.rule?.upper)
      let start = least.map { Int($0.value) + ($0.isIncluded ? 0 : 1) } ?? (example.integerValue ?? 0) - 2
      let end = greatest.map { Int($0.value) - ($0.isIncluded ? 0 : 1) } ?? start + 6
      return .integer(start + Int(next() % UInt64(min(end - start, 6) + 1)))
    case .number:
      let lower = field.rule?.lower?.value ?? (example.numberValue ?? 0) - 1
      let upper = min(field.rule?.upper?.value ?? lower + 2, lower + 2)
      return .number(lower + (upper - lower) * (Double(next() % 1000) + 0.5) / 1000)
    case .string: return example.stringValue.map { .string($0) } ?? "abc"
    case .choice(let values): return values[Int(next() % UInt64(values.count))]
    case .array(let element):
      let count = (field.rule?.minimumCount ?? 0) + Int(next() % 3)
      return .array((0..<count).map { _ in value(element, field, depth: depth) })
    case .object(let fields): return .object(object(fields, depth: depth))
    case .specification(let kind): return specification(kind, depth: depth) ?? example
    case .numberOrSpecification(let kind):
      return isHeads() ? value(.number, field, depth: depth) : specification(kind, depth: depth) ?? example
    case .either(let first, let second): return value(isHeads() ? first : second, field, depth: depth)
    case .any: return example
    }
  }

  /// Something of a kind; nil if the depth is used up, or nothing of the kind is registered.
  private mutating func specification(_ kind: String?, depth: Int) -> ConfigurationValue? {
    let entries = kind.map { registries.entries(ofKind: $0) } ?? []
    guard depth > 0, !entries.isEmpty else { return nil }
    let entry = entries[Int(next() % UInt64(entries.count))]
    return Specification(entry.name, object(entry.schema, depth: depth - 1)).value
  }

  private mutating func isHeads() -> Bool { next() % 2 == 0 }

  /// SplitMix64.
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return (z ^ (z >> 31)) >> 1
  }
}
