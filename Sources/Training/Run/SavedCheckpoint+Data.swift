import AviaryCore
import AviaryRegistry

extension SavedCheckpoint {
  /// Checks that the data are those that were trained on.
  ///
  /// - Parameters:
  ///   - data: the data as they are now.
  ///   - edited: what is different in the recipe.
  ///   - acceptsOthers: whether they may have other rows, of the same shapes.
  /// - Returns: what is different, if that is accepted.
  /// - Throws: ``TrainingError`` where something else is different.
  func check(_ data: PreparedData, _ edited: EditedRecipe, acceptingOthers acceptsOthers: Bool = false) throws
    -> String?
  {
    let edits =
      edited.dataChanges.isEmpty
      ? "" : " (its recipe has changed, too: \(edited.dataChanges.listed(atMost: 10)))"
    guard fields.task == data.task else {
      throw TrainingError.changedData(
        source,
        "the run has seen \(described(fields.rows, fields.task)), and now there are "
          + "\(described(data.rows, data.task))\(edits); \(edits.isEmpty ? "" : "put the recipe back, or ")begin a new run"
      )
    }
    if let stored = fields.storedInput, stored != data.storedInput {
      throw TrainingError.changedData(
        source, "the run has seen stored inputs \(stored), and now there are \(data.storedInput); begin a new run")
    }
    var change: String?
    if fields.rows != data.rows {
      change =
        "the run has seen \(described(fields.rows, fields.task)), and now there are \(described(data.rows, data.task))"
    } else if let digests = fields.digests, digests != data.digests {
      let parts = ["training", "validation", "test"]
      let names = parts.indices.filter { digests[$0] != data.digests[$0] }.map { parts[$0] }
      change = "the \(names.joined(separator: " and ")) rows are others than those that the run has seen"
    }
    guard let change else { return nil }
    let paths = data.files.values.sorted().listed(atMost: 10)
    let place = paths.isEmpty ? "'\(data.name)'" : paths
    guard acceptsOthers else {
      throw TrainingError.changedData(
        source,
        "\(place): \(change)\(edits); put the \(edits.isEmpty ? "data" : "recipe") back, begin a new run, or accept the change "
          + "and go on: --accept-changed-data"
      )
    }
    return "\(place): \(change)"
  }

  private func described(_ rows: [Int], _ task: LearningTask) -> String {
    let counts = zip(["training", "validation", "test"], rows).map { "\($1) \($0)" }.joined(separator: ", ")
    let targets = task.classes.map { "\($0) classes" } ?? task.target.map { "targets \($0)" } ?? "no targets"
    return "\(counts) rows of \(task.input) with \(targets)"
  }
}
