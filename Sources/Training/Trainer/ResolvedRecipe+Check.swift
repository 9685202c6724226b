import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

extension ResolvedRecipe {
  /// Throws before anything is written if the training would fail in its first steps or at the end of an epoch, or
  /// would do the wrong thing: patterns that match no parameter; targets, labels or inputs that do not fit the model;
  /// layers without a derivative or with other output shapes than declared; objectives and optimizers that do not fit
  /// the stage; schedules that leave their value's range; rules that watch what is not measured; metrics that measure
  /// nothing. If there are several stages, the error names the stage.
  ///
  /// - Returns: what an epoch of each stage measures, by the names in `metrics.csv`.
  func check(_ model: Model, _ data: PreparedData) throws -> [[String]] {
    let samples = data.parts.map { (name: $0.name, set: $0.set.extremes()) }
    var earlier: [(stage: String, measured: [String])] = []
    for stage in stages {
      do {
        try stage.objective.check(stage, stage.part(of: model), data)
        try stage.checkBatches(data)
        try stage.checkGroups(of: model)
        try stage.checkParts(data)
        try stage.checkRows(of: model, data)
        try stage.checkSchedules(of: model, data)
        try stage.checkProximalSteps(of: model)
        try stage.stopping?.check()
        let measured = try stage.tried(on: samples, model)
        try stage.stopping?.check(measured, earlier)
        try stage.checkMonitors(of: model, measured)
        earlier.append((stage.name, measured))
      } catch  where stages.count > 1 {
        throw TrainingError.stage(stage.name, "\(error)")
      }
    }
    let measured = earlier.map(\.measured)
    try checkMetrics(measured)
    return measured
  }

  /// Throws if a requested metric measures nothing: in its stage, or for a top-level metric in any stage.
  private func checkMetrics(_ measured: [[String]]) throws {
    for (stage, own) in zip(stages, measured) where stage.settings.metrics != nil {
      let found = stage.hasOwnMetrics ? own : measured.flatMap { $0 }
      for label in stage.metrics.map(\.label) where !found.contains(where: { $0.hasSuffix(".\(label)") }) {
        throw TrainingError.stage(
          stage.name, "metrics: '\(label)' does not apply to the predictions and targets here; remove it")
      }
    }
  }

  /// The document with top-level metrics only in stages that measure them, and proposed parts to measure only if they
  /// have rows, so that it states what each stage does; nil if it already does.
  func narrowedDocument(measuring measured: [[String]], _ data: PreparedData) throws -> ConfigurationValue? {
    var document = document
    for (index, stage) in stages.enumerated() where !stage.asksForParts {
      guard let parts = stage.settings.evaluate else { continue }
      let kept = parts.filter { name in data.parts.contains { $0.name == name } }
      try document.set(
        path: [.key("stages"), .index(index), .key("evaluate")], to: .array(kept.map { .string($0) }))
    }
    for (index, stage) in stages.enumerated() where stage.settings.metrics != nil && !stage.hasOwnMetrics {
      let kept = stage.metrics.indices.filter { place in
        measured[index].contains { $0.hasSuffix(".\(stage.metrics[place].label)") }
      }
      let path: ConfigurationPath = [.key("stages"), .index(index), .key("metrics")]
      guard kept.count < stage.metrics.count, let list = document[path: path]?.arrayValue else { continue }
      try document.set(path: path, to: .array(kept.map { list[$0] }))
    }
    return document == self.document ? Optional.none : document
  }
}

extension Stage {
  /// Throws ``LayerError`` if a layer needs more rows than the smallest batch has.
  fileprivate func checkRows(of model: Model, _ data: PreparedData) throws {
    guard let layer = try part(of: model).demandingLayer, settings.epochs > 0 else { return }
    let rows = data.rowCount(of: self)
    let size = min(settings.batchSize ?? rows, rows)
    let last = settings.dropsLast || size == 0 || rows % size == 0 ? size : rows % size
    guard last < layer.rows else { return }
    let remedy =
      last == size ? "use a batchSize of at least \(layer.rows)" : "set dropsLast to true, or use another batchSize"
    throw LayerError(
      path: layer.path,
      "it needs mean and variance over a batch's rows, but \(last == size ? "a" : "the last") batch of the \(rows) "
        + "training rows has only \(last) of \(size); \(remedy)")
  }

  /// Throws `ConfigurationError` if a part chosen for evaluation has no rows.
  fileprivate func checkParts(_ data: PreparedData) throws {
    let known = data.parts.map(\.name)
    guard let missing = settings.evaluate?.first(where: { !known.contains($0) }), asksForParts else { return }
    throw ConfigurationError(
      .invalid(
        "the split leaves the part '\(missing)' of '\(data.name)' empty; remove it here, or make that part larger "
          + "(not empty: \(known.listed()))"), at: "evaluate")
  }

  /// Throws `ConfigurationError` if the optimizer needs all rows at once and does not get them.
  fileprivate func checkBatches(_ data: PreparedData) throws {
    let rows = data.rowCount(of: self)
    guard case .descent(_, let optimizer) = method, optimizer.needsFullBatches, let rule = settings.optimizer,
      let size = settings.batchSize, size < rows
    else { return }
    throw ConfigurationError(
      .invalid(
        "the optimizer '\(rule.name)' needs all \(rows) training rows in each batch, not "
          + "\(size); set it to null"), at: "batchSize")
  }

  /// Throws `ConfigurationError` if a group matches no trained parameter, or a parameter belongs to two groups.
  fileprivate func checkGroups(of model: Model) throws {
    guard let optimizer = optimizer as? GroupedOptimizer else { return }
    let names = try trained(of: model).layout(of: model.parameters).map(\.name)
    let places = names.map { optimizer.groups(of: $0) }
    for (index, group) in optimizer.groups.enumerated() {
      let path: ConfigurationPath = [.key("groups"), .key(group.pattern)]
      guard places.contains(where: { $0.contains(index) }) else {
        throw ConfigurationError(
          .invalid("no trained parameter matches '\(group.pattern)'; known: \(names.listed())"), at: path)
      }
      guard let twice = places.firstIndex(where: { $0.count > 1 && $0.contains(index) }) else { continue }
      let patterns = places[twice].map { "'\(optimizer.groups[$0].pattern)'" }.joined(separator: " and ")
      throw ConfigurationError(
        .invalid("'\(names[twice])' belongs to two groups, \(patterns); make the patterns narrower"), at: path)
    }
  }

  /// Throws `ConfigurationError` if a penalty is proximal and the optimizer's step is not the gradient times a learning
  /// rate.
  fileprivate func checkProximalSteps(of model: Model) throws {
    let trained = try trained(of: model)
    guard let optimizer, let rule = settings.optimizer else { return try checkBareParameters(trained, of: model) }
    guard let entry = trained.proximal(in: model.parameters).first?.entry,
      optimizer.gradientStep(at: TrainingProgress()) == nil
    else { return }
    throw ConfigurationError(
      .invalid(
        "the penalty of '\(entry.name)' is proximal, which needs gradient steps with one learning rate, but "
          + "'\(rule.name)' as configured takes others; use 'sgd' without momentum, or set the penalty's "
          + "proximal to false"), at: "optimizer")
  }

  /// Throws ``LayerError`` if a parameter has a penalty or a constraint, which a fit ignores.
  private func checkBareParameters(_ trained: TrainedParameters, of model: Model) throws {
    for index in trained.indices {
      let entry = model.parameters.entries[index]
      guard entry.regularizer == nil, entry.constraint == nil else {
        throw ModelError(
          "'\(entry.name)' has a \(entry.regularizer == nil ? "constraint" : "penalty"), which the objective "
            + "'\(settings.objective.name)' ignores; remove it")
      }
    }
  }

  /// What an epoch of the stage will measure, by the names in `metrics.csv`. Tried by a step on each row of the
  /// training part's sample, if the stage takes steps, and by evaluating the others.
  fileprivate func tried(on samples: [(name: String, set: DataSet)], _ model: Model) throws -> [String] {
    let part = try part(of: model)
    let before = try settings.layer.map { try model.part($0).before }
    let trained = try trained(of: model)
    var names: [String] = []
    for (name, sample) in samples where name == "train" || measures(name) {
      let seen = try before.map { try sample.passed(through: $0) } ?? sample
      try part.checkShapes(of: seen)
      var means = measured.map { _ in MetricMean() }
      var memory = ObjectiveState()
      // Twice each, for layers that take statistics over a batch.
      let pairs = seen.subset((0..<seen.count).flatMap { [$0, $0] })
      for batch in BatchLoader(pairs, batchSize: 2) {
        if name == "train", settings.epochs > 0, case .descent(let objective, _) = method {
          try add(
            objective.step(part, trained, batch, Context(.training), &memory).assessment, of: batch,
            to: &means)
        } else {
          try add(objective.assess(part, batch, Context(.inference)), of: batch, to: &means)
        }
      }
      let found = named(means)
      names += measured.filter { found[$0] != nil }.map { "\(name).\($0)" }
    }
    return names
  }
}

extension Model {
  /// Throws ``LayerError`` for the first layer of a chain whose output shape is not the declared one.
  fileprivate func checkShapes(of rows: DataSet) throws {
    // Made once; each layer takes its own variables.
    let variables = parameters.variables { _ in false }
    var context = Context(.inference)
    context.lengths = rows.lengths
    context.furtherInputs = rows.furtherInputs.mapValues { Context.Input($0.values, lengths: $0.lengths) }
    func outputs(_ model: Model, _ inputs: Tensor, _ path: String) throws -> Tensor {
      let found = try model.checkedForward(Variable(inputs), variables, &context).value
      let declared = model.outputShape.inserting(inputs.shape[0], at: 0)
      guard found.shape == declared else {
        throw LayerError(path: path, "it declares outputs \(declared) for \(inputs.shape), but gives \(found.shape)")
      }
      return found
    }
    guard let chain = layer as? Sequential else {
      _ = try outputs(self, rows.inputs, layer.label)
      return
    }
    _ = try chain.layers.indices.reduce(rows.inputs) { try outputs(layers($1..<$1 + 1), $0, chain.name(of: $1)) }
  }
}

extension StoppingRule {
  /// Throws ``TrainingError`` if the stage does not measure what the rule watches, or no earlier stage measures what it
  /// needs.
  fileprivate func check(_ measured: [String], _ earlier: [(stage: String, measured: [String])]) throws {
    for monitor in monitors where !measured.contains(monitor) {
      throw TrainingError.unknownMonitor(monitor, known: measured)
    }
    guard let lookback else { return }
    guard let target = earlier.last(where: { lookback.stage == nil || $0.stage == lookback.stage }) else {
      throw TrainingError.noEarlierStage(lookback.stage, known: earlier.map(\.stage))
    }
    for monitor in lookback.monitors where !target.measured.contains(monitor) {
      throw TrainingError.unknownMonitor(monitor, known: target.measured)
    }
  }
}

extension DataSet {
  /// The rows with the largest label and the smallest and largest input: if some rows do not fit a model, these are
  /// among them.
  fileprivate func extremes() -> DataSet {
    func place<Value: Comparable>(of values: [Value], _ best: ([Value]) -> Value?) -> Int? {
      best(values).flatMap { values.firstIndex(of: $0) }
    }
    let rows = inputs.reshaped(to: [count, -1])
    let least = rows.min(axes: [1]).scalars(as: Double.self)
    let greatest = rows.max(axes: [1]).scalars(as: Double.self)
    let places = [
      place(of: labels?.reshaped(to: [count, -1]).max(axes: [1]).scalars(as: Int.self) ?? []) { $0.max() },
      place(of: least) { $0.min() },
      place(of: greatest) { $0.max() },
    ]
    return subset(Set(places.compactMap { $0 }).sorted())
  }
}
