extension Registries {
  /// The fields of an entry's configuration, with the kinds of what they name: ``Entry/schema`` cannot tell them, because
  /// only the thing's initializer knows what its nested specifications are. So it is made from its defaults with names that
  /// nothing has, and the errors tell the kinds. Where the initializer does not look a name up, its kind stays nil.
  public func schema(of entry: Entry) -> [SchemaField] {
    entry.schema.map { field in
      var field = field
      field.type = told(field.type) { unnamed in
        var configuration = entry.defaults
        configuration[field.name] = unnamed
        do {
          try check(Specification(entry.name, configuration), ofKind: entry.kind)
        } catch let error as ConfigurationError {
          if case .unknownName(let kind, Self.noName, _) = error.problem { return kind }
        } catch {}
        return nil
      }
      return field
    }
  }

  /// No registered thing has a name like this.
  private static let noName = "?"

  /// The type with the kinds that `find` tells for a value of it.
  private func told(_ type: FieldType, _ find: (ConfigurationValue) -> String?) -> FieldType {
    switch type {
    case .specification: .specification(kind: find(.string(Self.noName)))
    case .numberOrSpecification: .numberOrSpecification(kind: find(.string(Self.noName)))
    case .array(let element): .array(told(element) { find([$0]) })
    case .dictionary(let value): .dictionary(told(value) { find([Self.noName: $0]) })
    case .either(let first, let second): .either(told(first, find), told(second, find))
    case .object(let fields):
      .object(
        fields.map { field in
          var field = field
          field.type = told(field.type) { find(.object([field.name: $0])) }
          return field
        })
    default: type
    }
  }
}
