/// A coding key that can be any string or position.
struct AnyCodingKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = String(intValue)
    self.intValue = intValue
  }
}

extension ConfigurationPath {
  /// The path as Swift's coders write it.
  var codingKeys: [any CodingKey] {
    components.map { component in
      switch component {
      case .key(let key): AnyCodingKey(stringValue: key)
      case .index(let index): AnyCodingKey(intValue: index)
      }
    }
  }
}
