import AviaryCore
import AviaryFormats
import AviaryRegistry

/// A checkpoint that was read: what ``Checkpoint`` wrote.
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
    tensors = contents.tensors
    self.document = document
    self.source = source
  }

  /// The file given in place of the data set's own.
  var dataFile: String? { document["dataFile"]?.stringValue }

  /// What the transforms have learned.
  var learned: [[String: Tensor]] {
    var learned: [[String: Tensor]] = []
    for (name, tensor) in tensors {
      guard let parts = name.dropping("transforms.")?.split(separator: ".", maxSplits: 1), parts.count == 2,
        let index = Int(parts[0]), index >= 0, index < 1000
      else { continue }
      while learned.count <= index { learned.append([:]) }
      learned[index][String(parts[1])] = tensor
    }
    return learned
  }

  /// Puts a training back where it was saved. The state's model has been built from the same recipe.
  ///
  /// Throws ``TrainingError`` where the file belongs to another recipe or is incomplete; the state is then as it was.
  func restore(_ state: inout TrainingState) throws {
    var restored = TrainingState(model: state.model)
    do { try readNumbers(into: &restored) } catch is Missing {
      throw TrainingError.checkpoint(source, "its metadata '\(Checkpoint.key)' is incomplete")
    }
    for entry in restored.model.parameters.entries {
      let spec = TensorSpec(entry.shape, restored.model.dtype)
      guard let value = tensors["parameters.\(entry.name)"], value.spec == spec else {
        throw TrainingError.checkpoint(
          source, "it has no parameter '\(entry.name)' of \(spec); it is of another recipe")
      }
      restored.model.parameters.set(entry, to: value)
    }
    for (name, tensor) in tensors {
      if let rest = name.dropping("optimizer.") { restored.optimizer.tensors[rest] = tensor }
      if let rest = name.dropping("objective.") { restored.objective.tensors[rest] = tensor }
    }
    if let trainable = tensors["best.trainable"], let other = tensors["best.state"] {
      let store = restored.model.parameters
      guard trainable.spec == store.trainable.spec, other.spec == store.state.spec else {
        throw TrainingError.checkpoint(source, "its best parameters are of another recipe")
      }
      restored.best = (trainable, other)
    }
    state = restored
  }

  private struct Missing: Error {}

  private func readNumbers(into state: inout TrainingState) throws {
    func integer(_ value: ConfigurationValue?) throws -> Int {
      guard let number = value?.integerValue, number >= 0 else { throw Missing() }
      return number
    }
    func doubles(_ value: ConfigurationValue?) throws -> [String: Double] {
      guard let object = value?.objectValue else { throw Missing() }
      return Dictionary(uniqueKeysWithValues: object.map { ($0.key, Checkpoint.double($0.value)) })
    }
    state.stage = try integer(document["stage"])
    state.epoch = try integer(document["epoch"])
    state.batch = try integer(document["batch"])
    state.step = try integer(document["step"])
    state.isFinished = document["isFinished"]?.booleanValue ?? false
    state.optimizer.step = try integer(document["optimizerStep"])
    state.optimizer.numbers = try doubles(document["optimizerNumbers"])
    state.means = try (document["means"]?.arrayValue ?? []).map { pair in
      var mean = MetricMean()
      mean.sum = Checkpoint.double(pair[0] ?? .null)
      mean.count = try integer(pair[1])
      return mean
    }
    state.history = try (document["history"]?.arrayValue ?? []).map { record in
      guard let stage = record["stage"]?.stringValue else { throw Missing() }
      return EpochRecord(
        stage: stage, epoch: try integer(record["epoch"]), step: try integer(record["step"]),
        values: try doubles(record["values"]))
    }
  }
}

extension String {
  /// The rest after a prefix, or nil where it begins otherwise.
  fileprivate func dropping(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
