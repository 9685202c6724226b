import AviaryRegistry

/// The changes to a run's recipe since the run was saved.
struct EditedRecipe: Sendable {
  /// The changes in stages: `stages.0.epochs: 5 → 10`.
  let changes: [String]
  /// The changes in the data set and its split: `split.test: 0.2 → 0.3`.
  let dataChanges: [String]

  /// Compares a run's recipe with the one it was trained with. For finished and interrupted runs alike, only what has
  /// not affected the training may change: where the data is and how it is read (whether its rows are the same is
  /// checked separately), stages that have not begun, and of the current stage its length, how it continues and what it
  /// measures.
  ///
  /// Throws ``TrainingError`` naming what cannot change.
  init(_ recipe: ResolvedRecipe, of saved: SavedCheckpoint, folder: String, in registries: Registries) throws {
    guard let kept = saved.fields.recipe else {
      (changes, dataChanges) = ([], [])
      return
    }
    // Both have the defaults of later releases written out.
    let before = try Recipe(kept, source: "\(saved.source): recipe").resolved(in: registries).document
    let differences = before.differences(from: recipe.document).filter { difference in
      !["name", "summary"].contains(difference.path.description)
    }
    let refused = differences.filter { !Self.mayChange($0, saved.fields) }
    guard refused.isEmpty else {
      throw TrainingError.folder(
        folder,
        "its recipe has changed in settings that the training has already used: "
          + "\(refused.map(\.description).listed(atMost: 10)); restore them, or start a new run")
    }
    func texts(areInStages: Bool) -> [String] {
      differences.filter { ($0.path.components.first == .key("stages")) == areInStages }.map(\.description)
    }
    (changes, dataChanges) = (texts(areInStages: true), texts(areInStages: false))
  }

  /// The notes of a resumed training about the changes.
  func notes(goesOn: Bool, hasOtherRows: Bool) -> [String] {
    func note(_ changes: [String], _ effect: String) -> String? {
      changes.isEmpty
        ? nil : "the recipe has changed since the run was saved: \(changes.listed(atMost: 10)); \(effect)"
    }
    let effect =
      goesOn
      ? "schedules continue as if it had been so from the start"
      : "the run is finished, so nothing is left to train"
    let columns = "columns and classes are those of the training"
    return [
      note(dataChanges, hasOtherRows ? columns : "\(columns), and the rows are unchanged"), note(changes, effect),
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
    case .key("optimizer"):
      // The rule is the same, and so are the rules inside it.
      return steps.count > 3 && steps[3...].drop { $0 == .key("optimizer") }.first != .key("name")
    case .key("groups"): return steps.count > 4 && difference.old != nil && difference.new != nil
    case .key("evaluate"), .key("evaluateEvery"), .key("clipping"): return true
    default: return false
    }
  }
}

/// A difference between two documents.
struct Difference: CustomStringConvertible {
  let path: ConfigurationPath
  let old: ConfigurationValue?
  let new: ConfigurationValue?

  var description: String { "\(path): \(old?.json() ?? "nothing") → \(new?.json() ?? "nothing")" }
}

extension ConfigurationValue {
  /// The differences from another document.
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
