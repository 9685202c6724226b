extension FieldType {
  /// Describes a type by decoding it from a sample of itself, or from placeholders where there is none.
  init(describing type: Any.Type, sample: ConfigurationValue?, enclosing: [ObjectIdentifier] = []) {
    let identifier = ObjectIdentifier(type)
    if let type = type as? any FieldTypeProviding.Type {
      self = type.fieldType
    } else if let type = type as? any ConfigurationScalar.Type {
      self = type.fieldType
    } else if let type = type as? any OptionalType.Type {
      self.init(describing: type.wrappedType, sample: sample, enclosing: enclosing)
    } else if let type = type as? any ListType.Type {
      self = .array(FieldType(describing: type.elementType, sample: sample?[0], enclosing: enclosing))
    } else if let type = type as? any DictionaryType.Type {
      let value = sample?.objectValue?.first { _ in true }?.value
      self = .dictionary(FieldType(describing: type.valueType, sample: value, enclosing: enclosing))
    } else if let choices = Self.choices(of: type) {
      self = .choice(choices)
    } else if let type = type as? any RawRepresentable.Type {
      self.init(describing: Self.rawType(of: type), sample: sample, enclosing: enclosing)
    } else if enclosing.contains(identifier) {
      self = .any
    } else if let type = type as? any Decodable.Type {
      self = Self.recording(type, sample: sample, enclosing: enclosing + [identifier])
    } else {
      self = .any
    }
  }

  /// The raw values of an enumeration of strings or whole numbers that lists its cases.
  static func choices(of type: Any.Type) -> [ConfigurationValue]? {
    guard let type = type as? any (CaseIterable & RawRepresentable).Type else { return nil }
    return rawValues(of: type)
  }

  private static func rawValues<Choice: CaseIterable & RawRepresentable>(
    of _: Choice.Type
  ) -> [ConfigurationValue]? {
    let values = Choice.allCases.compactMap { choice -> ConfigurationValue? in
      switch choice.rawValue {
      case let text as String: .string(text)
      case let whole as Int: .integer(whole)
      default: nil
      }
    }
    return values.count == Choice.allCases.count ? values : nil
  }

  private static func rawType<Raw: RawRepresentable>(of _: Raw.Type) -> Any.Type { Raw.RawValue.self }

  private static func recording<Value: Decodable>(
    _: Value.Type, sample: ConfigurationValue?, enclosing: [ObjectIdentifier]
  ) -> FieldType {
    var sample = sample
    if sample?.objectValue == nil, let type = Value.self as? any ConfigurationFields.Type {
      sample = try? ConfigurationValue(encoding: type.init())
    }
    let recorder = SchemaRecorder(enclosing: enclosing)
    let decoder = ConfigurationDecoder(value: nil, fallback: sample ?? [:], recorder: recorder)
    // A type that refuses the placeholders has shown its fields up to there.
    _ = try? Value(from: decoder)
    return recorder.fields.isEmpty && !(Value.self is any ConfigurationFields.Type) ? .any : .object(recorder.fields)
  }
}
