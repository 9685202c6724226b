import AviaryRegistry

/// The law that no two entries of a kind are the same thing by two names: on some fixed input, every one behaves in a
/// way of its own.
///
/// - Parameters:
///   - kind: the kind of entry.
///   - registries: where the entries are.
///   - required: configurations for entries that have required fields; others are made from their defaults.
///   - behaviour: what a product does with an input that tells products apart.
/// - Returns: the pairs that do not, a sentence each.
public func checkDistinct<Product, Behaviour: Hashable>(
  _ kind: Kind<Product>, in registries: Registries, required: [String: ConfigurationObject] = [:],
  behaviour: (Product) throws -> Behaviour
) -> [String] {
  var violations: [String] = []
  var names: [Behaviour: String] = [:]
  for entry in registries.entries(of: kind) {
    do {
      let found = try behaviour(registries.make(kind, entry.name, required[entry.name] ?? [:]))
      if let twin = names[found] {
        violations.append("\(kind.name) '\(entry.name)' behaves like '\(twin)'")
      } else {
        names[found] = entry.name
      }
    } catch {
      violations.append("\(kind.name) '\(entry.name)': \(error)")
    }
  }
  return violations
}
