import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// A checkpoint as read, written by ``Checkpoint``. Nothing in it is trusted before it is checked.
struct SavedCheckpoint {
  /// The metadata, with numbers checked against their ranges.
  let fields: CheckpointFields
  let source: String
  private let tensors: NamedTensors

  /// Reads a file's bytes. Throws if they are not a checkpoint.
  init(_ bytes: [UInt8], source: String) throws {
    let contents = try Safetensors(bytes, source: source)
    guard let text = contents.metadata[Checkpoint.key], let document = try? ConfigurationValue(parsing: text) else {
      throw TrainingError.checkpoint(
        source, "not a checkpoint of a training: its metadata has no '\(Checkpoint.key)'")
    }
    guard document["version"]?.integerValue == 1 else {
      throw TrainingError.checkpoint(source, "written by another release; this one reads version 1")
    }
    guard CheckpointSeal.isIntact(contents) else {
      throw TrainingError.checkpoint(source, "it is damaged: its contents do not match its checksum")
    }
    fields = try CheckpointFields(document, source: source)
    tensors = contents.tensors
    self.source = source
    for (name, tensor) in tensors {
      guard Self.kinds.contains(where: { name.hasPrefix($0 + ".") }) else {
        throw TrainingError.checkpoint(source, "it has an unknown tensor '\(name)'")
      }
      guard tensor.holdsNumbers else {
        throw TrainingError.checkpoint(
          source, "the tensor '\(name)' has NaN or infinite values; the training diverged, or the file is damaged")
      }
    }
  }

  private static let kinds = ["parameters", "optimizer", "objective", "transforms", "best", "last"]

  /// The fitted values of the recipe's transforms. Throws if they do not fit the recipe.
  func learned(by recipe: ResolvedRecipe) throws -> [NamedTensors] {
    var learned = Array(repeating: NamedTensors(source: source), count: recipe.transforms.count)
    for (name, tensor) in members(of: "transforms") {
      let parts = name.split(separator: ".", maxSplits: 1)
      guard parts.count == 2, let index = Int(parts[0]), learned.indices.contains(index) else {
        throw TrainingError.checkpoint(
          source, "it has 'transforms.\(name)', but the recipe has no such transform")
      }
      learned[index][String(parts[1])] = tensor
    }
    guard let input = fields.storedInput else { return learned }
    // A few copies of two rows: a row too large for them was never trained on.
    guard input.elementCount <= MemoryLimit.byteCount / 1024 else {
      throw TrainingError.checkpoint(source, "its stored inputs \(input) do not fit in memory")
    }
    // Fitting two rows of zeros gives the names and shapes of what any rows give.
    let zeros = Tensor.zeros(input.inserting(2, at: 0), dtype: recipe.dtype)
    guard let expected = try? Preprocessing(recipe.transforms, dtype: recipe.dtype, fittedTo: zeros).learned else {
      return learned
    }
    for (index, (found, expected)) in zip(learned, expected).enumerated() {
      try check(found.byName, like: expected.byName, "the fit of transform \(index)")
    }
    return learned
  }

  /// The model, built from the same recipe, with the saved parameters.
  func restored(_ model: Model) throws -> Model {
    var model = model
    for entry in model.parameters.entries {
      let spec = TensorSpec(entry.shape, model.dtype)
      guard let value = tensors["parameters.\(entry.name)"], value.spec == spec else {
        throw TrainingError.checkpoint(
          source, "it has no parameter '\(entry.name)' of \(spec); \(Self.otherModel)")
      }
      model.parameters.set(entry, to: value)
    }
    let names = Set(model.parameters.entries.map(\.name))
    if let other = members(of: "parameters").keys.sorted().first(where: { !names.contains($0) }) {
      throw TrainingError.checkpoint(
        source, "it has a parameter '\(other)', which the model lacks; \(Self.otherModel)")
    }
    return model
  }

  /// Why parameters do not fit the model.
  private static let otherModel =
    "it belongs to another recipe or release of Aviary; train the recipe again"

  /// The model's parameters and state by name.
  var parameters: NamedTensors {
    NamedTensors(members(of: "parameters").sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, source: source)
  }

  /// The states of optimizer and objective.
  func memory() -> (optimizer: OptimizerState, objective: ObjectiveState) {
    var (optimizer, objective) = (OptimizerState(), ObjectiveState())
    (optimizer.step, optimizer.numbers) = (fields.optimizerStep, fields.optimizerNumbers)
    (optimizer.tensors, objective.tensors) = (members(of: "optimizer"), members(of: "objective"))
    return (optimizer, objective)
  }

  /// The parameters of the best or last epoch, if saved. Throws if they do not fit the model.
  func parameters(of epoch: String, _ model: Model) throws -> (trainable: Tensor, state: Tensor)? {
    let kept = members(of: epoch)
    guard !kept.isEmpty else { return nil }
    guard kept.count == 2, let trainable = kept["trainable"], let state = kept["state"],
      trainable.spec == model.parameters.trainable.spec, state.spec == model.parameters.state.spec
    else { throw TrainingError.checkpoint(source, "its \(epoch) parameters belong to another recipe") }
    return (trainable, state)
  }

  /// Throws unless tensors have the names, shapes and types of others.
  func check(_ found: [String: Tensor], like expected: [String: Tensor], _ what: String) throws {
    let (found, expected) = (found.mapValues(\.spec), expected.mapValues(\.spec))
    guard found != expected else { return }
    func described(_ specs: [String: TensorSpec]) -> String {
      specs.isEmpty
        ? "nothing" : specs.sorted { $0.key < $1.key }.map { "'\($0.key)' \($0.value)" }.listed()
    }
    throw TrainingError.checkpoint(
      source, "\(what) is \(described(found)), not \(described(expected)) as for this recipe")
  }

  /// The tensors with a prefix, by the rest of their names.
  private func members(of kind: String) -> [String: Tensor] {
    var members: [String: Tensor] = [:]
    for (name, tensor) in tensors where name.hasPrefix(kind + ".") {
      members[String(name.dropFirst(kind.count + 1))] = tensor
    }
    return members
  }
}

extension NamedTensors {
  fileprivate var byName: [String: Tensor] { reduce(into: [:]) { $0[$1.name] = $1.tensor } }
}

extension Tensor {
  /// Whether it is free of NaN and infinity.
  fileprivate var holdsNumbers: Bool {
    guard dtype.isFloatingPoint, elementCount > 0 else { return true }
    return (dtype.isDifferentiable ? self : cast(to: .float32)).isFinite().all().item() != 0
  }
}
