/// All registered things of every kind: a value to copy, extend and pass on.
///
/// ```swift
/// var registries = Registries()
/// try registries.register(Adam.self)
/// let optimizer = try registries.make(.optimizer, "adam", ["learningRate": 0.01])
/// let same = try registries.make((any Optimizer).self, Specification("adam", ["learningRate": 0.01]))
/// ```
///
/// Nothing registers itself: a module provides a function that registers its types, and an application calls it. Names
/// must match exactly; near misses are suggested but never used.
public struct Registries: Sendable {
  /// The entries of one kind.
  struct Table: Sendable {
    let kind: String
    let plural: String
    var entries: [Entry] = []
    var positions: [String: Int] = [:]
  }

  private(set) var tables: [ObjectIdentifier: Table] = [:]
  private(set) var order: [ObjectIdentifier] = []
  /// The nesting depth of the specification being made.
  var depth = 0

  public init() {}
}

// MARK: - Registering

extension Registries {
  /// Registers a type under its name and aliases.
  ///
  /// - Throws: `RegistrationError` if a name is taken or malformed, or the defaults are unusable. Nothing is registered
  ///   then.
  public mutating func register<R: Registrable>(_ type: R.Type) throws(RegistrationError) {
    try register(type, as: R.kind) { try $0.product() }
  }

  /// Registers a type under its name and aliases as another kind, such as an activation as a layer:
  ///
  /// ```swift
  /// try registries.register(Tanh.self, as: .layer) { ActivationLayer($0) }
  /// ```
  ///
  /// - Throws: as ``register(_:)``.
  public mutating func register<R: Registrable, Product>(
    _ type: R.Type, as kind: Kind<Product>, _ product: @escaping @Sendable (R) throws -> Product
  ) throws(RegistrationError) {
    let key = ObjectIdentifier(Product.self)
    var table = tables[key] ?? Table(kind: kind.name, plural: kind.plural)
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
    let entry = try Entry(type, as: kind, product)
    if entry.schema.contains(where: { $0.name == "name" }) { throw .reservedField(kind: table.kind, name: R.name) }
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
