import AviaryRegistry

/// What is different in a run's recipe since the run was saved.
struct EditedRecipe: Sendable {
  /// The differences in stages, `stages.0.epochs: 5 → 10`.
  let changes: [String]
  /// The differences in the data set and its split, `split.test: 0.2 → 0.3`.
  let dataChanges: [String]

  /// Compares a run's recipe with the one that it has trained by. Only what does not touch what was trained may change,
  /// for a finished run as for an interrupted one: where the data lie and how they are read (whether their rows are the same is
  /// checked apart), stages that have not begun, and of the present one how far it goes, how it goes on and what is measured.
  ///
  /// Throws ``TrainingError`` that names what cannot change.
  init(_ recipe: ResolvedRecipe, of saved: SavedCheckpoint, folder: String, in registries: Registries) throws {
    guard let kept = saved.fields.recipe else {
      (changes, dataChanges) = ([], [])
      return
    }
    // Defaults that came later are written out in both.
    let before = try Recipe(kept, source: "\(saved.source): recipe").resolved(in: registries).document
    let differences = before.differences(from: recipe.document).filter { difference in
      !["name", "summary"].contains(difference.path.description)
    }
    let refused = differences.filter { !Self.mayChange($0, saved.fields) }
    guard refused.isEmpty else {
      throw TrainingError.folder(
        folder,
        "its recipe has changed, and what the run has trained by cannot change: "
          + "\(refused.map(\.description).listed(atMost: 10)); put it back, or begin a new run")
    }
    func texts(areInStages: Bool) -> [String] {
      differences.filter { ($0.path.components.first == .key("stages")) == areInStages }.map(\.description)
    }
    (changes, dataChanges) = (texts(areInStages: true), texts(areInStages: false))
  }

  /// What a resumed training tells of the changes.
  func notes(goesOn: Bool, hasOtherRows: Bool) -> [String] {
    func note(_ changes: [String], _ effect: String) -> String? {
      changes.isEmpty
        ? nil : "the recipe has changed since the run was saved: \(changes.listed(atMost: 10)); \(effect)"
    }
    let effect =
      goesOn
      ? "schedules are followed as if it had been so from the start"
      : "the run is finished, and nothing is left to train"
    let columns = "columns and classes are those that the run has learned from"
    return [
      note(dataChanges, hasOtherRows ? columns : "\(columns), and the rows are the same"), note(changes, effect),
    ].compactMap { $0 }
  }

  private static func mayChange(_ difference: Difference, _ fields: CheckpointFields) -> Bool {
    let steps = difference.path.components
    guard steps.first == .key("stages") else { return [.key("data"), .key("split")].contains(steps.first) }
    guard steps.count > 1, case .index(let stage) = steps[1] else { return false }
    guard stage == fields.stage, fields.epoch + fields.batch > 0 else { return stage >= fields.stage }
    switch steps.dropFirst(2).first {
    case .key("epochs"):
      guard let epochs = difference.new?.integerValue else { return false }
      return epochs >= fields.epoch + (fields.batch > 0 ? 1 : 0)
    case .key("optimizer"): return steps.count > 3 && steps[3] != .key("name")
    case .key("evaluate"), .key("evaluateEvery"), .key("clipping"): return true
    default: return false
    }
  }
}

/// Where two documents differ.
struct Difference: CustomStringConvertible {
  let path: ConfigurationPath
  let old: ConfigurationValue?
  let new: ConfigurationValue?

  var description: String { "\(path): \(old?.json() ?? "nothing") → \(new?.json() ?? "nothing")" }
}

extension ConfigurationValue {
  /// Where another document has other values.
  fileprivate func differences(from other: ConfigurationValue, at path: ConfigurationPath = []) -> [Difference] {
    switch (self, other) {
    case (.object(let old), .object(let new)):
      return (old.keys + new.keys.filter { old[$0] == nil }).flatMap { key in
        Self.differences(old[key], new[key], at: path.appending(key))
      }
    case (.array(let old), .array(let new)):
      return (0..<max(old.count, new.count)).flatMap { index in
        Self.differences(
          index < old.count ? old[index] : Optional.none, index < new.count ? new[index] : Optional.none,
          at: path.appending(index))
      }
    default: return self == other ? [] : [Difference(path: path, old: self, new: other)]
    }
  }

  private static func differences(
    _ old: ConfigurationValue?, _ new: ConfigurationValue?, at path: ConfigurationPath
  ) -> [Difference] {
    guard let old, let new else {
      return old == nil && new == nil ? [] : [Difference(path: path, old: old, new: new)]
    }
    return old.differences(from: new, at: path)
  }
}
