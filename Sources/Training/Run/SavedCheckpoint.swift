import AviaryCore
import AviaryFormats
import AviaryLayers
import AviaryRegistry

/// A checkpoint that was read: what ``Checkpoint`` wrote. Nothing in it is believed before it was checked.
struct SavedCheckpoint {
  private let tensors: NamedTensors
  private let document: ConfigurationValue
  private let source: String

  /// Reads the file's bytes. Throws where they are no checkpoint.
  init(_ bytes: [UInt8], source: String) throws {
    let contents = try Safetensors(bytes, source: source)
    guard let text = contents.metadata[Checkpoint.key], let document = try? ConfigurationValue(parsing: text) else {
      throw TrainingError.checkpoint(
        source, "it is no checkpoint of a training; its metadata has no '\(Checkpoint.key)'")
    }
    guard document["version"]?.integerValue == 1 else {
      throw TrainingError.checkpoint(source, "it was written by another release; this one reads version 1")
    }
    guard CheckpointSeal.isIntact(contents) else {
      throw TrainingError.checkpoint(source, "it is damaged: its contents do not match its checksum")
    }
    tensors = contents.tensors
    self.document = document
    self.source = source
  }

  /// The file given in place of the data set's own.
  var dataFile: String? { document["dataFile"]?.stringValue }

  /// Where files and folders of data were found, by what the recipe calls them; empty where it was not kept yet.
  var files: [String: String] {
    Dictionary(
      uniqueKeysWithValues: (document["files"]?.objectValue ?? [:]).compactMap { name, path in
        path.stringValue.map { (name, $0) }
      })
  }

  /// The least and the greatest number of the training rows' stored inputs; nil where it was not kept yet.
  func inputRange() throws -> ClosedRange<Double>? {
    guard document["inputRange"] != nil else { return nil }
    let bounds = try numbers("inputRange") { Checkpoint.double($0) ?? .nan }
    guard bounds.count == 2, bounds[0] <= bounds[1] else { throw incomplete("inputRange") }
    return bounds[0]...bounds[1]
  }

  /// What the transforms have learned.
  var learned: [NamedTensors] {
    var learned: [NamedTensors] = []
    for (name, tensor) in tensors {
      guard let parts = name.dropping("transforms.")?.split(separator: ".", maxSplits: 1), parts.count == 2,
        let index = Int(parts[0]), index >= 0, index < 1000
      else { continue }
      while learned.count <= index { learned.append([:]) }
      learned[index][String(parts[1])] = tensor
    }
    return learned
  }

  /// What the model was built for.
  func task() throws -> LearningTask {
    func shape(_ key: String) throws -> Shape? {
      guard let value = document[key], value != .null else { return nil }
      let sizes = try value.arrayValue?.map { try natural($0, key) }
      guard let sizes, sizes.count < 8 else { throw incomplete(key) }
      return Shape(sizes)
    }
    guard let input = try shape("input") else { throw incomplete("input") }
    return LearningTask(input: input, classes: document["classes"]?.integerValue, target: try shape("target"))
  }

  /// Throws unless the data are shaped as those that were trained on.
  func check(_ data: PreparedData) throws {
    let rows = try numbers("rows") { try natural($0, "rows") }
    guard rows == data.rows, try task() == data.task else {
      func described(_ rows: [Int], _ task: LearningTask) -> String {
        let counts = zip(["training", "validation", "test"], rows).map { "\($1) \($0)" }.joined(separator: ", ")
        let targets = task.classes.map { "\($0) classes" } ?? task.target.map { "targets \($0)" } ?? "no targets"
        return "\(counts) rows of \(task.input) with \(targets)"
      }
      throw TrainingError.checkpoint(
        source,
        "the data have changed: the run has seen \(described(rows, try task())), and now there are "
          + "\(described(data.rows, data.task)); begin a new run")
    }
  }

  /// A model with the saved parameters. It has been built from the same recipe.
  func restored(_ model: Model) throws -> Model {
    var model = model
    for entry in model.parameters.entries {
      let spec = TensorSpec(entry.shape, model.dtype)
      guard let value = tensors["parameters.\(entry.name)"], value.spec == spec else {
        throw TrainingError.checkpoint(
          source, "it has no parameter '\(entry.name)' of \(spec); it belongs to another recipe")
      }
      model.parameters.set(entry, to: value)
    }
    return model
  }

  /// What was measured.
  func history() throws -> [EpochRecord] {
    try numbers("history") { record in
      guard let stage = record["stage"]?.stringValue else { throw incomplete("history") }
      return EpochRecord(
        stage: stage, epoch: try natural(record["epoch"], "history"), step: try natural(record["step"], "history"),
        values: try doubles(record["values"], "history"))
    }
  }

  /// Where the training stood. The model has been built from the recipe, whose stages are given.
  func state(of model: Model, _ stages: [Stage]) throws -> TrainingState {
    var state = TrainingState(model: try restored(model))
    state.stage = try natural(document["stage"], "stage")
    state.epoch = try natural(document["epoch"], "epoch")
    state.batch = try natural(document["batch"], "batch")
    state.step = try natural(document["step"], "step")
    state.isFinished = document["isFinished"]?.booleanValue ?? false
    state.optimizer.step = try natural(document["optimizerStep"], "optimizerStep")
    state.optimizer.numbers = try doubles(document["optimizerNumbers"], "optimizerNumbers")
    state.means = try numbers("means") { pair in
      guard let sum = Checkpoint.double(pair[0]) else { throw incomplete("means") }
      return MetricMean(sum: sum, count: try natural(pair[1], "means"))
    }
    state.history = try history()
    for (name, tensor) in tensors {
      if let rest = name.dropping("optimizer.") { state.optimizer.tensors[rest] = tensor }
      if let rest = name.dropping("objective.") { state.objective.tensors[rest] = tensor }
    }
    if let trainable = tensors["best.trainable"], let other = tensors["best.state"] {
      guard trainable.spec == model.parameters.trainable.spec, other.spec == model.parameters.state.spec else {
        throw TrainingError.checkpoint(source, "its best parameters belong to another recipe")
      }
      state.best = (trainable, other)
    }
    try check(state, stages)
    return state
  }

  /// Throws unless the state fits the recipe's stages.
  private func check(_ state: TrainingState, _ stages: [Stage]) throws {
    guard state.stage <= stages.count else {
      throw TrainingError.checkpoint(source, "it is in stage \(state.stage), and the recipe has \(stages.count)")
    }
    guard state.stage < stages.count else { return }
    let stage = stages[state.stage]
    guard state.means.isEmpty || state.means.count == stage.measured.count else {
      throw TrainingError.checkpoint(source, "it has other metrics than the recipe's stage '\(stage.name)'")
    }
    let trained = try stage.trained(of: state.model)
    let spec = TensorSpec([trained.count], state.model.dtype)
    for (name, tensor) in state.optimizer.tensors where tensor.spec != spec {
      throw TrainingError.checkpoint(
        source, "the optimizer's '\(name)' is \(tensor.spec), and the stage '\(stage.name)' trains \(spec)")
    }
  }

  // MARK: The metadata

  private func incomplete(_ key: String) -> TrainingError {
    .checkpoint(source, "its metadata '\(Checkpoint.key)' is incomplete: '\(key)' is missing or no number")
  }

  private func natural(_ value: ConfigurationValue?, _ key: String) throws -> Int {
    guard let number = value?.integerValue, number >= 0 else { throw incomplete(key) }
    return number
  }

  private func numbers<Element>(_ key: String, _ read: (ConfigurationValue) throws -> Element) throws -> [Element] {
    guard let list = document[key]?.arrayValue else { throw incomplete(key) }
    return try list.map(read)
  }

  private func doubles(_ value: ConfigurationValue?, _ key: String) throws -> [String: Double] {
    guard let object = value?.objectValue else { throw incomplete(key) }
    var numbers: [String: Double] = [:]
    for (name, value) in object {
      guard let number = Checkpoint.double(value) else { throw incomplete(key) }
      numbers[name] = number
    }
    return numbers
  }
}

extension String {
  /// The rest after a prefix, or nil where it begins otherwise.
  fileprivate func dropping(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
