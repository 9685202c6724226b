import AviaryRegistry

/// Checks that no two entries of a kind are the same thing under two names: on a fixed input, each behaves differently.
///
/// - Parameters:
///   - kind: the kind of entry.
///   - registries: the registries with the entries.
///   - required: configurations for entries that have required fields; others are made from their defaults.
///   - behavior: the result of a product for an input that distinguishes products.
/// - Returns: one sentence for each pair that behaves the same.
public func checkDistinct<Product, Behavior: Hashable>(
  _ kind: Kind<Product>, in registries: Registries, required: [String: ConfigurationObject] = [:],
  behavior: (Product) throws -> Behavior
) -> [String] {
  var violations: [String] = []
  var names: [Behavior: String] = [:]
  for entry in registries.entries(of: kind) {
    do {
      let found = try behavior(registries.make(kind, entry.name, required[entry.name] ?? [:]))
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
