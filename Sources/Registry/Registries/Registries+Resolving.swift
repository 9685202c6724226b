import Synchronization

extension Registries {
  /// A specification with nothing left to defaults, at any depth: what a resolved recipe holds, so that it means the
  /// same when a later version has other defaults. Aliases become names.
  ///
  /// The thing is made on the way, because only its initializer knows what its nested specifications are; those that it
  /// does not make stay as they are.
  ///
  /// - Throws: what making the thing throws.
  public func resolved<Product>(_ kind: Kind<Product>, _ specification: Specification) throws -> Specification {
    try resolved(specification) { registries in _ = try registries.make(kind, specification) }
  }

  /// The same, the kind given by its singular or plural.
  public func resolved(_ specification: Specification, ofKind kind: String) throws -> Specification {
    try resolved(specification) { registries in try registries.check(specification, ofKind: kind) }
  }

  private func resolved(
    _ specification: Specification, making: (Registries) throws -> Void
  ) throws -> Specification {
    let trace = ResolutionTrace()
    var registries = self
    registries.trace = trace
    try making(registries)
    return trace.last ?? specification
  }
}

/// Gathers the specifications that were made inside another one, and what each is with its defaults filled in.
final class ResolutionTrace: Sendable {
  private let notes = Mutex<[(before: Specification, after: Specification)]>([])

  /// What was noted last.
  var last: Specification? { notes.withLock { $0.last?.after } }

  func note(_ before: Specification, became after: Specification) {
    notes.withLock { $0.append((before, after)) }
  }

  /// The specification with its own defaults filled in, and those of the nested ones noted here.
  func complete(_ specification: Specification, _ entry: Entry) throws -> Specification {
    var configuration = ConfigurationValue.object(try entry.normalized(specification.configuration))
    for (before, after) in notes.withLock({ $0 }) where !before.path.isEmpty {
      // Only what still stands where it was decoded from is what was made.
      guard let value = configuration[path: before.path], try Specification(value) == before else { continue }
      try configuration.set(path: before.path, to: after.value)
    }
    return Specification(entry.name, configuration.objectValue ?? [:], at: specification.path)
  }
}
