import AviaryCore
import AviaryRegistry

extension SavedCheckpoint {
  /// Checks that the data is the data of the training.
  ///
  /// - Parameters:
  ///   - data: the current data.
  ///   - edited: the changes to the recipe.
  ///   - acceptsOthers: whether to accept other rows of the same shapes.
  ///   - remedy: the alternative to restoring the data.
  /// - Returns: the accepted change, if any.
  /// - Throws: ``TrainingError`` for any other change.
  func check(
    _ data: PreparedData, _ edited: EditedRecipe, acceptingOthers acceptsOthers: Bool = false,
    remedy: String = "accept the change with --accept-changed-data"
  ) throws -> String? {
    let edits =
      edited.dataChanges.isEmpty
      ? "" : " (its recipe has also changed: \(edited.dataChanges.listed(atMost: 10)))"
    guard fields.task == data.task else {
      throw TrainingError.changedData(
        source,
        "the run was trained on \(described(fields.rows, fields.task)), but now there are "
          + "\(described(data.rows, data.task))\(edits); \(edits.isEmpty ? "" : "restore the recipe, or ")start a new run"
      )
    }
    if let stored = fields.storedInput, stored != data.storedInput {
      throw TrainingError.changedData(
        source, "the run was trained on stored inputs \(stored), but now they are \(data.storedInput); start a new run")
    }
    var change: String?
    if fields.rows != data.rows {
      change =
        "the run was trained on \(described(fields.rows, fields.task)), but now there are "
        + "\(described(data.rows, data.task))"
    } else if let digests = fields.digests, digests != data.digests {
      let parts = ["training", "validation", "test"]
      let names = parts.indices.filter { digests[$0] != data.digests[$0] && data.rows[$0] > 0 }.map { parts[$0] }
      let list = (names.dropLast(2) + [names.suffix(2).joined(separator: " and ")]).joined(separator: ", ")
      if !names.isEmpty { change = "the \(list) rows differ from those of the training" }
    }
    guard let change else { return nil }
    let paths = data.files.values.sorted().listed(atMost: 10)
    let place = paths.isEmpty ? "'\(data.name)'" : paths
    guard acceptsOthers else {
      throw TrainingError.changedData(
        source,
        "\(place): \(change)\(edits); restore the \(edits.isEmpty ? "data" : "recipe"), start a new run, or \(remedy)")
    }
    return "\(place): \(change)"
  }

  private func described(_ rows: [Int], _ task: LearningTask) -> String {
    let counts = zip(["training", "validation", "test"], rows).map { "\($1) \($0)" }.joined(separator: ", ")
    let targets = task.classes.map { "\($0) classes" } ?? task.target.map { "targets \($0)" } ?? "no targets"
    return "\(counts) rows of \(task.input) with \(targets)"
  }
}
