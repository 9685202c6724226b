import AviaryRegistry

/// Why a training cannot begin or go on.
public enum TrainingError: Error, Hashable, CustomStringConvertible {
  /// The loss or a gradient is not a number or infinite.
  case diverged(stage: String, epoch: Int, step: Int, what: String)
  /// A stopping rule watches what is not measured.
  case unknownMonitor(String, known: [String])
  /// A stopping rule looks back to a stage that was not before its own.
  case noEarlierStage(String?, known: [String])
  /// There are no rows to train on: the data set and its part.
  case noRows(String, part: String)
  /// A training that takes more memory than there can be: both, and what it is for.
  case memory(needed: String, limit: String, parts: [String])
  /// What keeps a stage from beginning, in a training of several.
  case stage(String, String)
  /// A folder of a run that cannot be used.
  case folder(String, String)
  /// A checkpoint that does not belong to the recipe, or is damaged.
  case checkpoint(String, String)
  /// Data that are not those that a run has seen: the run's checkpoint, and what is different.
  case changedData(String, String)

  /// What is wrong, and the remedy.
  public var description: String {
    switch self {
    case .diverged(let stage, let epoch, let step, let what):
      "stage '\(stage)', epoch \(epoch), step \(step): \(what); lower the learning rate, clip the gradients, "
        + "or look for extreme values in the data"
    case .unknownMonitor(let name, let known):
      "the stopping rule watches '\(name)', which is not measured; "
        + (Suggestion.nearest(to: name, in: known).map { "did you mean '\($0)'?" }
          ?? "watch another number, or give the split such a part")
        + " (measured: \(known.listed()))"
    case .noEarlierStage(let name, let known):
      "the stopping rule looks back to \(name.map { "the stage '\($0)'" } ?? "the stage before"), and "
        + (known.isEmpty ? "there is none before its own" : "before its own are: \(known.listed())")
    case .noRows(let set, let part):
      "the split leaves no row of '\(set)' to train on in the part '\(part)'; give that part a share"
    case .memory(let needed, let limit, let parts):
      "the training takes at least \(needed) of memory (\(parts.listed())), and there are \(limit); "
        + "make the layers narrower, the inputs smaller, or batchSize less"
    case .stage(let stage, let problem): "stage '\(stage)': \(problem)"
    case .folder(let path, let problem): "\(path): \(problem)"
    case .checkpoint(let path, let problem): "\(path): \(problem)"
    case .changedData(let path, let problem): "\(path): the data have changed: \(problem)"
    }
  }
}
