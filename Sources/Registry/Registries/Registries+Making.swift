extension Registries {
  /// The limit for nested specifications, which also stops defaults that name each other in a circle.
  static let maximalDepth = 40

  /// Makes what a specification describes.
  ///
  /// - Throws: `ConfigurationError`, whose path begins with the specification's own, or what the initializer throws.
  public func make<Product>(_ product: Product.Type, _ specification: Specification) throws -> Product {
    let table = tables[ObjectIdentifier(Product.self)]
    guard let made = try make(specification, in: table, kind: "\(Product.self)") as? Product else {
      trap("'\(specification.name)' did not make \(Product.self)")
    }
    return made
  }

  /// Makes what a specification describes: `registries.make(.optimizer, configuration.optimizer)`.
  public func make<Product>(_ kind: Kind<Product>, _ specification: Specification) throws -> Product {
    if tables[ObjectIdentifier(Product.self)] == nil {
      throw ConfigurationError(
        .unknownName(kind: kind.name, name: specification.name, known: []), at: specification.path)
    }
    return try make(Product.self, specification)
  }

  /// Makes something by name: `registries.make((any Optimizer).self, "adam", ["learningRate": 0.01])`.
  public func make<Product>(
    _ product: Product.Type, _ name: String, _ configuration: ConfigurationObject = [:]
  ) throws -> Product {
    try make(product, Specification(name, configuration))
  }

  /// Makes something by name: `registries.make(.optimizer, "adam", ["learningRate": 0.01])`.
  public func make<Product>(
    _ kind: Kind<Product>, _ name: String, _ configuration: ConfigurationObject = [:]
  ) throws -> Product {
    try make(kind, Specification(name, configuration))
  }

  /// Makes what a specification describes, only to validate it. The kind is given by its singular or plural.
  ///
  /// - Throws: what making it throws, and `ConfigurationError` for an unknown kind.
  public func check(_ specification: Specification, ofKind kind: String) throws {
    _ = try make(specification, in: table(named: kind), kind: kind)
  }

  private func make(_ specification: Specification, in table: Table?, kind: String) throws -> Any {
    try entered(specification, in: table, kind: kind) { entry, registries in
      try entry.make(specification.configuration, in: registries)
    }
  }

  /// Finds the entry of a specification and descends one level; errors name the specification's path.
  private func entered<Result>(
    _ specification: Specification, in table: Table?, kind: String, _ body: (Entry, Registries) throws -> Result
  ) throws -> Result {
    try ConfigurationError.locating(at: specification.path) {
      let entry = try entry(named: specification.name, in: table, kind: kind)
      guard depth < Self.maximalDepth else {
        throw ConfigurationError(.invalid("specifications are nested deeper than \(Self.maximalDepth) levels"))
      }
      var inner = self
      inner.depth += 1
      return try body(entry, inner)
    }
  }
}

extension Registries {
  /// The specification with all defaults written out at any depth and aliases replaced by names, so a resolved recipe
  /// keeps its meaning if later versions change defaults.
  ///
  /// - Throws: what making the thing throws.
  public func resolved<Product>(_ kind: Kind<Product>, _ specification: Specification) throws -> Specification {
    try resolved(specification, in: tables[ObjectIdentifier(Product.self)], kind: kind.name)
  }

  /// The same, with the kind given by its singular or plural.
  public func resolved(_ specification: Specification, ofKind kind: String) throws -> Specification {
    try resolved(specification, in: table(named: kind), kind: kind)
  }

  private func resolved(_ specification: Specification, in table: Table?, kind: String) throws -> Specification {
    try entered(specification, in: table, kind: kind) { entry, registries in
      let value = try entry.value(specification.configuration, in: registries)
      return Specification(entry.name, try value.configuration(isComplete: true), at: specification.path)
    }
  }
}
