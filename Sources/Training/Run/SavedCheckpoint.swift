import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// A checkpoint that was read: what ``Checkpoint`` wrote. Nothing in it is believed before it was checked.
struct SavedCheckpoint {
  /// The numbers and texts, each in its range.
  let fields: CheckpointFields
  let source: String
  private let tensors: NamedTensors

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
    fields = try CheckpointFields(document, source: source)
    tensors = contents.tensors
    self.source = source
    for (name, tensor) in tensors {
      guard Self.kinds.contains(where: { name.hasPrefix($0 + ".") }) else {
        throw TrainingError.checkpoint(source, "it holds a tensor '\(name)' that belongs to no part of a training")
      }
      guard tensor.holdsNumbers else {
        throw TrainingError.checkpoint(
          source, "the tensor '\(name)' holds NaN or infinite numbers; the training diverged, or the file is damaged")
      }
    }
  }

  private static let kinds = ["parameters", "optimizer", "objective", "transforms", "best", "last"]

  /// What the transforms have learned, as many as the recipe has. Throws where it does not fit them.
  func learned(by recipe: ResolvedRecipe) throws -> [NamedTensors] {
    var learned = Array(repeating: NamedTensors(source: source), count: recipe.transforms.count)
    for (name, tensor) in members(of: "transforms") {
      let parts = name.split(separator: ".", maxSplits: 1)
      guard parts.count == 2, let index = Int(parts[0]), learned.indices.contains(index) else {
        throw TrainingError.checkpoint(
          source, "it has learned 'transforms.\(name)', and the recipe has no such transform")
      }
      learned[index][String(parts[1])] = tensor
    }
    guard let input = fields.storedInput else { return learned }
    // Some copies of two rows: a row that takes so much of the memory was never trained on.
    guard input.elementCount <= MemoryLimit.byteCount / 1024 else {
      throw TrainingError.checkpoint(source, "its stored inputs \(input) do not fit into the memory")
    }
    // What is learned of two rows of zeros has the names and shapes of what is learned of others.
    let zeros = Tensor.zeros(input.inserting(2, at: 0), dtype: recipe.dtype)
    guard let expected = try? Preprocessing(recipe.transforms, dtype: recipe.dtype, fittedTo: zeros).learned else {
      return learned
    }
    for (index, (found, expected)) in zip(learned, expected).enumerated() {
      try check(found.byName, like: expected.byName, "what the transform \(index) has learned")
    }
    return learned
  }

  /// A model with the saved parameters. It has been built from the same recipe.
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
        source, "it has a parameter '\(other)', and the model has none of that name; \(Self.otherModel)")
    }
    return model
  }

  /// Why parameters are not the model's.
  private static let otherModel =
    "it belongs to another recipe, or another release of Aviary wrote it; train the recipe again"

  /// The model's parameters and state by name.
  var parameters: NamedTensors {
    NamedTensors(members(of: "parameters").sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, source: source)
  }

  /// What optimizer and objective remember.
  func memory() -> (optimizer: OptimizerState, objective: ObjectiveState) {
    var (optimizer, objective) = (OptimizerState(), ObjectiveState())
    (optimizer.step, optimizer.numbers) = (fields.optimizerStep, fields.optimizerNumbers)
    (optimizer.tensors, objective.tensors) = (members(of: "optimizer"), members(of: "objective"))
    return (optimizer, objective)
  }

  /// The parameters of the best or of the last epoch, where they are kept. Throws where they are not the model's.
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
      source, "\(what) is \(described(found)), and the recipe's is \(described(expected)); it belongs to another recipe"
    )
  }

  /// The tensors of a kind, by the rest of their names.
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
  /// Whether there is no NaN and no infinity in it.
  fileprivate var holdsNumbers: Bool {
    guard dtype.isFloatingPoint, elementCount > 0 else { return true }
    return (dtype.isDifferentiable ? self : cast(to: .float32)).isFinite().all().item() != 0
  }
}
