/// A number, or something registered that yields one: `0.1` or `{"name": "exponential", "rate": 0.95}`.
///
/// Schedules are configured so: a constant needs no name.
public enum NumberOrSpecification: Sendable, Equatable {
  /// The number itself.
  case number(Double)
  /// What yields it.
  case specification(Specification)
}

extension NumberOrSpecification: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// The number itself.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// The number itself.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// Something registered that is configured no further.
  public init(stringLiteral value: String) { self = .specification(Specification(value)) }
}

extension NumberOrSpecification: Codable, FieldTypeProviding {
  /// A number, a name, or an object with a name.
  public static var fieldType: FieldType { .numberOrSpecification(kind: nil) }

  /// Decodes a number, a string, or an object with a `name`.
  public init(from decoder: any Decoder) throws {
    let value: ConfigurationValue
    if let decoder = decoder as? ConfigurationDecoder {
      value = try decoder.wholeValue(expected: Self.fieldType.description)
    } else {
      value = try ConfigurationValue(from: decoder)
    }
    switch value {
    case .integer, .number: self = .number(value.numberValue ?? 0)
    case .string, .object: self = .specification(try Specification(from: decoder))
    default:
      let path = (decoder as? ConfigurationDecoder)?.path ?? []
      throw ConfigurationError(
        .unexpected(expected: Self.fieldType.description, found: value.summary), at: path)
    }
  }

  /// Encodes the number or the specification.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .number(let number): try number.encode(to: encoder)
    case .specification(let specification): try specification.encode(to: encoder)
    }
  }
}
