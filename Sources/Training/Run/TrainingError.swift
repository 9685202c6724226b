import AviaryRegistry

/// Why a training cannot begin or continue.
public enum TrainingError: Error, Hashable, CustomStringConvertible {
  /// The loss or a gradient is NaN or infinite.
  case diverged(stage: String, epoch: Int, step: Int, what: String)
  /// A stopping rule watches a value that is not measured.
  case unknownMonitor(String, known: [String])
  /// A stopping rule refers to a stage that does not precede its own.
  case noEarlierStage(String?, known: [String])
  /// There are no rows to train on: the data set and its part.
  case noRows(String, part: String)
  /// A training needs more memory than available: both amounts, and what needs it.
  case memory(needed: String, limit: String, parts: [String])
  /// Why a stage of several cannot begin.
  case stage(String, String)
  /// A run's folder that cannot be used.
  case folder(String, String)
  /// A checkpoint that is damaged or does not belong to the recipe.
  case checkpoint(String, String)
  /// The data differs from that of the training: the run's checkpoint, and the difference.
  case changedData(String, String)

  /// The problem and the remedy.
  public var description: String {
    switch self {
    case .diverged(let stage, let epoch, let step, let what):
      "stage '\(stage)', epoch \(epoch), step \(step): \(what); lower the learning rate, clip the gradients, "
        + "or check the data for extreme values"
    case .unknownMonitor(let name, let known):
      "the stopping rule watches '\(name)', which is not measured; "
        + (Suggestion.nearest(to: name, in: known).map { "did you mean '\($0)'?" }
          ?? "watch another value, or add that part to the split")
        + " (measured: \(known.listed()))"
    case .noEarlierStage(let name, let known):
      "the stopping rule refers to \(name.map { "the stage '\($0)'" } ?? "the previous stage"), but "
        + (known.isEmpty ? "no stage precedes its own" : "its own is preceded by: \(known.listed())")
    case .noRows(let set, let part):
      "the split leaves no training rows in the part '\(part)' of '\(set)'; make that part larger"
    case .memory(let needed, let limit, let parts):
      "the training needs at least \(needed) of memory (\(parts.listed())), but there is only \(limit); "
        + "use narrower layers, smaller inputs, or a smaller batchSize"
    case .stage(let stage, let problem): "stage '\(stage)': \(problem)"
    case .folder(let path, let problem): "\(path): \(problem)"
    case .checkpoint(let path, let problem): "\(path): \(problem)"
    case .changedData(let path, let problem): "\(path): the data has changed: \(problem)"
    }
  }
}
