/// The type of a configuration's field.
public indirect enum FieldType: Sendable, Equatable {
  case boolean
  /// An integer.
  case integer
  /// Any number.
  case number
  case string
  /// One of several values.
  case choice([ConfigurationValue])
  /// A list.
  case array(FieldType)
  /// An object with these fields.
  case object([SchemaField])
  /// A registered thing: its name, or an object with its name and configuration. nil accepts any kind.
  case specification(kind: String?)
  /// A number or a registered thing (a schedule).
  case numberOrSpecification(kind: String?)
  /// A value of either type.
  case either(FieldType, FieldType)
  /// Any value.
  case any

  /// The fields, if this is an object with fields.
  public var fields: [SchemaField]? {
    if case .object(let fields) = self { fields } else { nil }
  }
}

extension FieldType: CustomStringConvertible {
  /// The type as text: `a number`, `a list, each element a whole number`, `one of "same", "valid"`.
  public var description: String {
    switch self {
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .string: "a string"
    case .choice(let values): "one of " + values.map { $0.json() }.listed()
    case .array(let element): "a list, each element \(element)"
    case .object(let fields): "an object with " + fields.map(\.name).listed()
    case .specification(let kind): Self.name(of: kind)
    case .numberOrSpecification(let kind): "a number, \(Self.name(of: kind))"
    case .either(let first, let second): "\(first), or \(second)"
    case .any: "any value"
    }
  }

  private static func name(of kind: String?) -> String {
    guard let kind else { return "a name, or an object with a name" }
    return "the name of \("aeiou".contains(kind.prefix(1)) ? "an" : "a") \(kind), or an object with its name"
  }
}
