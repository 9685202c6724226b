import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers

/// The data as a stage sees it: the rows it trains on, and all parts, both passed through the layers before the one it
/// trains.
struct StageView {
  /// The rows to train on.
  let training: DataSet
  /// The non-empty parts by name.
  let parts: [(name: String, set: DataSet)]
}

extension Stage {
  /// What the stage trains: the model, or the layer it names.
  func part(of model: Model) throws -> Model { try settings.layer.map { try model.part($0).part } ?? model }

  /// The parameters that the stage trains.
  func trained(of model: Model) throws -> TrainedParameters {
    try TrainedParameters(part(of: model), matching: settings.parameters, except: frozen)
  }

  /// The data as the stage sees it, passed once through the layers before its own, which the stage does not change.
  func view(of data: PreparedData, through model: Model) throws -> StageView {
    let before = try settings.layer.map { try model.part($0).before }
    let parts = try data.parts.map { part in
      (name: part.name, set: try before.map { try part.set.passed(through: $0) } ?? part.set)
    }
    let rows = try settings.rows.map { name in
      guard let part = parts.first(where: { $0.name == name }) else {
        throw TrainingError.noRows(data.train.name, part: name)
      }
      return part.set
    }
    return StageView(training: DataSet.joined(rows), parts: parts)
  }
}

extension DataSet {
  /// The set whose inputs are a model's outputs in inference, computed in chunks of some hundred rows. Throws
  /// ``LayerError`` for values that a layer refuses.
  func passed(through model: Model) throws -> DataSet {
    guard (model.layer as? Sequential)?.layers.isEmpty != true else { return self }
    var set = self
    let values = model.parameters.variables { _ in false }
    var steps: [Int] = []
    var pieces: [Tensor] = []
    for batch in BatchLoader(self, batchSize: Stage.measuredAtOnce) {
      var context = Context(.inference, batch)
      pieces.append(try model.checkedForward(Variable(batch.inputs), values, &context).value)
      steps += context.lengths ?? []
    }
    set.lengths = steps.isEmpty ? nil : steps
    set.inputs = Tensor.concatenate(
      steps.isEmpty ? pieces : pieces.map { $0.padded(toSteps: pieces.map { $0.shape[1] }.max() ?? 0) })
    return set
  }

  /// The concatenated rows of sets that are parts of one set.
  static func joined(_ sets: [DataSet]) -> DataSet {
    guard sets.count > 1 else { return sets[0] }
    var set = sets[0]
    set.inputs = Tensor.concatenate(sets.map(\.inputs))
    set.lengths = set.lengths.map { _ in sets.flatMap { $0.lengths ?? [] } }
    for name in set.furtherInputs.keys {
      let parts = sets.compactMap { $0.furtherInputs[name] }
      set.furtherInputs[name] = FurtherInput(
        Tensor.concatenate(parts.map(\.values)),
        lengths: parts[0].lengths.map { _ in parts.flatMap { $0.lengths ?? [] } },
        symbols: parts[0].symbols)
    }
    set.forecast = set.forecast.map { _ in ForecastWindows.joined(sets.compactMap(\.forecast)) }
    set.targets = set.targets.map { _ in Tensor.concatenate(sets.compactMap(\.targets)) }
    return set
  }
}

extension Tensor {
  /// Pads sequences [n, steps, …] with zeros at the end.
  fileprivate func padded(toSteps steps: Int) -> Tensor {
    guard shape[1] < steps else { return self }
    let zeros = [Int](repeating: 0, count: rank)
    var after = zeros
    after[1] = steps - shape[1]
    return padded(before: zeros, after: after)
  }
}

extension Context {
  /// The context for a batch in the given mode.
  package init(_ mode: Mode, _ batch: Batch) {
    self.init(mode)
    take(batch)
  }

  /// Sets the lengths and further inputs of a batch.
  mutating func take(_ batch: Batch) {
    lengths = batch.lengths
    furtherInputs = batch.furtherInputs.mapValues { Input($0.values, lengths: $0.lengths) }
  }
}
