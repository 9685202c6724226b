import AviaryRegistry

/// A value that differs between two recipes with every default written out.
public struct RecipeChange: Sendable, Equatable {
  /// The path: `"stages.train.optimizer.learningRate"`.
  public var path: String
  /// The value in the first recipe; nil if it has none.
  public var before: ConfigurationValue?
  /// The value in the second recipe; nil if it has none.
  public var after: ConfigurationValue?

  public init(_ path: String, before: ConfigurationValue?, after: ConfigurationValue?) {
    self.path = path
    self.before = before
    self.after = after
  }
}

extension ResolvedRecipe {
  /// The differences from another recipe except names and summaries; empty if there is none, or it cannot be resolved.
  func changes(from original: Recipe?, in registries: Registries) -> [RecipeChange] {
    guard let before = try? original?.resolved(in: registries).document else { return [] }
    return RecipeChange.all(from: before, to: document).filter { !["name", "summary"].contains($0.path) }
  }
}

extension RecipeChange {
  /// The differences of two values, in the order of the second's keys. Objects with different names differ as a whole.
  /// A stage's path has its name instead of an index.
  static func all(
    from before: ConfigurationValue?, to after: ConfigurationValue?, at path: String = ""
  ) -> [RecipeChange] {
    func inside(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    if before == after { return [] }
    let isRoot = path.isEmpty
    if let old = before?.objectValue, let new = after?.objectValue, isRoot || old["name"] == new["name"] {
      let keys = new.keys + old.keys.filter { new[$0] == nil }
      return keys.flatMap { all(from: old[$0], to: new[$0], at: inside($0)) }
    }
    if let old = before?.arrayValue, let new = after?.arrayValue, old.count == new.count,
      new.contains(where: { $0.objectValue != nil })
    {
      return new.indices.flatMap { index in
        let name = path == "stages" ? new[index]["name"]?.stringValue : nil
        return all(from: old[index], to: new[index], at: inside(name ?? "\(index)"))
      }
    }
    return [RecipeChange(path, before: before, after: after)]
  }
}
