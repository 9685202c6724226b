/// Everything that is found by name, of every kind: a value, to copy, to extend and to pass along.
///
///     var registries = Registries()
///     try registries.register(Adam.self)
///     let optimizer = try registries.make(.optimizer, "adam", ["learningRate": 0.01])
///     let same = try registries.make((any Optimizer).self, Specification("adam", ["learningRate": 0.01]))
///
/// Nothing registers itself: a module offers a function that registers its things, an application calls it. A name is
/// looked up exactly as it is written; a near miss is suggested, never taken.
public struct Registries: Sendable {
  private struct Table: Sendable {
    let kind: String
    let plural: String
    var entries: [Entry] = []
    var positions: [String: Int] = [:]
  }

  private var tables: [ObjectIdentifier: Table] = [:]
  private var order: [ObjectIdentifier] = []

  /// Creates registries without entries.
  public init() {}
}

// MARK: - Registering

extension Registries {
  /// Registers a type under its name and aliases.
  ///
  /// - Throws: `RegistrationError` when a name is taken or malformed, or the configuration is unusable. Nothing is
  ///   registered then.
  public mutating func register<R: Registrable>(_ type: R.Type) throws(RegistrationError) {
    let key = ObjectIdentifier(R.Product.self)
    var table = tables[key] ?? Table(kind: R.kind.name, plural: R.kind.plural)
    if tables[key] == nil, tables.values.contains(where: { $0.kind == table.kind || $0.plural == table.plural }) {
      throw .duplicateKind(name: table.kind)
    }
    let names = [R.name] + R.aliases
    for (position, name) in names.enumerated() {
      if !Self.isWellFormed(name) { throw .invalidName(kind: table.kind, name: name) }
      if table.positions[name] != nil || names[..<position].contains(name) {
        throw .duplicateName(kind: table.kind, name: name)
      }
    }
    let entry = try Entry(type)
    if entry.defaults["name"] != nil || entry.schema.contains(where: { $0.name == "name" }) {
      throw .reservedField(kind: table.kind, name: R.name)
    }
    for field in entry.required where !entry.schema.contains(where: { $0.name == field }) {
      throw .unknownRequiredField(kind: table.kind, name: R.name, field: field)
    }
    for name in names { table.positions[name] = table.entries.count }
    table.entries.append(entry)
    if tables[key] == nil { order.append(key) }
    tables[key] = table
  }

  private static func isWellFormed(_ name: String) -> Bool {
    let groups = name.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" }
    return ("a"..."z").contains(name.prefix(1))
      && groups.allSatisfy { group in
        !group.isEmpty && group.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
      }
  }
}

// MARK: - Making

extension Registries {
  /// Makes what a specification describes.
  ///
  /// - Throws: `ConfigurationError`, its path beginning with the specification's own, or what the thing's initializer
  ///   throws.
  public func make<Product>(_ product: Product.Type, _ specification: Specification) throws -> Product {
    try ConfigurationError.locating(at: specification.path) {
      let table = tables[ObjectIdentifier(Product.self)]
      let kind = table?.kind ?? "\(Product.self)"
      let entry = try entry(named: specification.name, in: table, kind: kind)
      guard let made = try entry.make(specification.configuration, in: self) as? Product else {
        preconditionFailure("the \(kind) '\(specification.name)' made something else than \(Product.self)")
      }
      return made
    }
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

  private func entry(named name: String, in table: Table?, kind: String) throws(ConfigurationError) -> Entry {
    guard let table, let position = table.positions[name] else {
      let known = table?.entries.map(\.name).sorted() ?? []
      throw ConfigurationError(.unknownName(kind: kind, name: name, known: known))
    }
    return table.entries[position]
  }
}

// MARK: - Looking

extension Registries {
  /// The kinds that have entries, in the order of their first registration: singular and plural.
  public var kinds: [(name: String, plural: String)] {
    order.compactMap { key in tables[key].map { ($0.kind, $0.plural) } }
  }

  /// All entries of all kinds, kind by kind.
  public var entries: [Entry] { order.flatMap { tables[$0]?.entries ?? [] } }

  /// The entries of a kind by its singular or plural, sorted by name; none for an unknown kind.
  public func entries(ofKind name: String) -> [Entry] {
    tables.values.first { $0.kind == name || $0.plural == name }.map { $0.entries.sorted { $0.name < $1.name } } ?? []
  }

  /// The entries of a kind, sorted by name.
  public func entries<Product>(of _: Kind<Product>) -> [Entry] {
    tables[ObjectIdentifier(Product.self)].map { $0.entries.sorted { $0.name < $1.name } } ?? []
  }

  /// The entry of a name or alias.
  ///
  /// - Throws: `ConfigurationError` with the nearest name.
  public func entry<Product>(of kind: Kind<Product>, named name: String) throws(ConfigurationError) -> Entry {
    try entry(named: name, in: tables[ObjectIdentifier(Product.self)], kind: kind.name)
  }
}
