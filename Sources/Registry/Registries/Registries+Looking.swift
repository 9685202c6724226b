extension Registries {
  /// The kinds with entries, in the order of their first registration: singular and plural.
  public var kinds: [(name: String, plural: String)] {
    order.compactMap { key in tables[key].map { ($0.kind, $0.plural) } }
  }

  /// All entries of all kinds, kind by kind.
  public var entries: [Entry] { order.flatMap { tables[$0]?.entries ?? [] } }

  /// The entries of a kind given by its singular or plural, sorted by name; empty for an unknown kind.
  public func entries(ofKind name: String) -> [Entry] {
    tables.values.first { $0.kind == name || $0.plural == name }.map { $0.entries.sorted { $0.name < $1.name } } ?? []
  }

  /// The entries of a kind, sorted by name.
  public func entries<Product>(of _: Kind<Product>) -> [Entry] {
    tables[ObjectIdentifier(Product.self)].map { $0.entries.sorted { $0.name < $1.name } } ?? []
  }

  /// The entry with a name or alias.
  ///
  /// - Throws: `ConfigurationError` with the nearest name.
  public func entry<Product>(of kind: Kind<Product>, named name: String) throws(ConfigurationError) -> Entry {
    try entry(named: name, in: tables[ObjectIdentifier(Product.self)], kind: kind.name)
  }

  /// The entry with a name or alias, with the kind given by its singular or plural.
  ///
  /// - Throws: `ConfigurationError` with the nearest kind or name.
  public func entry(ofKind kind: String, named name: String) throws(ConfigurationError) -> Entry {
    try entry(named: name, in: table(named: kind), kind: kind)
  }

  /// The entries of any kind with this name or alias; several kinds may use the same name.
  public func entries(named name: String) -> [Entry] {
    order.compactMap { key in tables[key].flatMap { table in table.positions[name].map { table.entries[$0] } } }
  }

  func table(named kind: String) throws(ConfigurationError) -> Table {
    if let table = tables.values.first(where: { $0.kind == kind || $0.plural == kind }) { return table }
    throw ConfigurationError(.unknownName(kind: "kind", name: kind, known: kinds.map(\.name)))
  }

  func entry(named name: String, in table: Table?, kind: String) throws(ConfigurationError) -> Entry {
    guard let table, let position = table.positions[name] else {
      let known = table?.entries.map(\.name).sorted() ?? []
      throw ConfigurationError(.unknownName(kind: table?.kind ?? kind, name: name, known: known))
    }
    return table.entries[position]
  }
}
