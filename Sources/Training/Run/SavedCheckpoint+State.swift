import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers

extension SavedCheckpoint {
  /// The saved state of a training, for a model built from the recipe.
  func state(of model: Model, _ recipe: ResolvedRecipe, _ data: PreparedData) throws -> TrainingState {
    try checkHistory(recipe.stages)
    var state = TrainingState(model: try restored(model))
    (state.stage, state.epoch, state.batch, state.step) = (fields.stage, fields.epoch, fields.batch, fields.step)
    (state.isFinished, state.means, state.history) = (fields.isFinished, fields.means, fields.history)
    state.warnings = fields.warnings
    (state.optimizer, state.objective) = memory()
    (state.best, state.last) = (try parameters(of: "best", model), try parameters(of: "last", model))
    if state.stage < recipe.stages.count {
      let stage = recipe.stages[state.stage]
      try checkPlace(state, stage, data)
      try checkBest(state, stage)
      try checkMemory(state, stage, recipe, data)
    } else if !state.optimizer.tensors.isEmpty || !state.objective.tensors.isEmpty || state.best != nil {
      throw inconsistent("all stages are done, but there is state for another")
    }
    return state
  }

  /// Throws unless the history follows the recipe's stages in order, epoch by epoch, and ends where the training was
  /// saved.
  func checkHistory(_ stages: [Stage]) throws {
    guard fields.stage <= stages.count else {
      throw TrainingError.checkpoint(source, "it is in stage \(fields.stage), but the recipe has \(stages.count)")
    }
    // Earlier releases left the last stage at the end of a training.
    guard fields.stage < stages.count || fields.isFinished && (fields.epoch, fields.step) == (0, 0) else {
      throw inconsistent("all stages are done, but the training is not finished")
    }
    var records = fields.history[...]
    for (index, stage) in stages.enumerated() where index <= fields.stage {
      let known = Set(stage.measured.flatMap { label in ["train", "validation", "test"].map { "\($0).\(label)" } })
        .union(["learning-rate"])
      var (epoch, step) = (0, 0)
      while let record = records.first, record.stage == stage.name {
        guard record.epoch == epoch + 1, record.step >= step, known.isSuperset(of: record.values.keys) else {
          throw inconsistent("the history has a different epoch \(epoch + 1) of the stage '\(stage.name)'")
        }
        (epoch, step) = (record.epoch, record.step)
        records = records.dropFirst()
      }
      guard index < fields.stage || epoch == fields.epoch && step + fields.batch == fields.step else {
        throw inconsistent(
          "the history does not lead to epoch \(fields.epoch), batch \(fields.batch) of '\(stage.name)'")
      }
    }
    guard records.isEmpty else {
      throw inconsistent("its history already has the stage '\(records[records.startIndex].stage)'")
    }
  }

  /// Throws unless the position in the epoch exists.
  private func checkPlace(_ state: TrainingState, _ stage: Stage, _ data: PreparedData) throws {
    let batches = stage.batchCount(of: data)
    guard state.batch <= batches, !state.isFinished || state.batch == 0 else {
      throw inconsistent("it is at batch \(state.batch) of an epoch with \(batches) batches")
    }
    guard state.means.count == (state.batch > 0 ? stage.measured.count : 0) else {
      throw TrainingError.checkpoint(source, "its metrics differ from those of the recipe's stage '\(stage.name)'")
    }
  }

  /// Throws unless parameters of the best epoch are saved exactly when there is a best epoch.
  private func checkBest(_ state: TrainingState, _ stage: Stage) throws {
    let records = state.records(of: stage.name)
    let earlier = state.history.filter { $0.stage != stage.name }
    let hasBest = try stage.stopping.map { rule in
      let next = try rule.decisions(earlier: earlier)
      return try records.contains { try next($0).isBest }
    }
    guard hasBest ?? false == (state.best != nil) else {
      throw inconsistent(
        "the parameters of the best epoch are \(state.best == nil ? "missing" : "saved, but there is none")")
    }
    let isReplaced = state.best != nil || stage.optimizer?.solution(state.optimizer) != nil
    guard state.last == nil || state.isFinished && isReplaced else {
      throw inconsistent("the parameters of the last epoch are saved although no others were restored")
    }
  }

  /// Throws unless the states of optimizer and objective have the form that they have after a step, tried on the
  /// stage's first rows.
  private func checkMemory(
    _ state: TrainingState, _ stage: Stage, _ recipe: ResolvedRecipe, _ data: PreparedData
  ) throws {
    var (optimizer, objective) = (OptimizerState(), ObjectiveState())
    if state.step > 0 {
      let part = try stage.part(of: state.model)
      let trained = try stage.trained(of: state.model)
      let before = try stage.settings.layer.map { try state.model.part($0).before }
      let rows = try stage.firstRows(of: data)
      let batch = Array(BatchLoader(try before.map { try rows.passed(through: $0) } ?? rows, batchSize: nil))[0]
      let context = Context(.training, random: RandomSource(seed: recipe.seed)["check"])
      switch stage.method {
      case .fit(let fitting): _ = try fitting.fit(part, batch, context, &objective)
      case .descent(let descending, _): _ = try descending.step(part, trained, batch, context, &objective)
      }
      optimizer = try stage.optimizerState(
        for: TensorSpec([trained.count], state.model.dtype), trained.layout(of: state.model.parameters),
        steps: state.step)
    }
    try check(state.optimizer.tensors, like: optimizer.tensors, "the optimizer's state")
    try check(state.objective.tensors, like: objective.tensors, "the objective's state")
    do { try stage.objective.check(state.objective, stage.part(of: state.model)) } catch {
      throw inconsistent("\(error)")
    }
    guard state.optimizer.numbers.keys == optimizer.numbers.keys else {
      throw inconsistent("the optimizer's numbers are not those of the recipe's optimizer")
    }
    guard state.optimizer.step == (stage.optimizer == nil ? 0 : state.step) else {
      throw inconsistent("the optimizer counts \(state.optimizer.step) steps, the training \(state.step)")
    }
  }

  private func inconsistent(_ what: String) -> TrainingError {
    .checkpoint(source, "it contradicts itself or its recipe: \(what); start a new run")
  }
}

extension Stage {
  /// The number of batches per epoch.
  func batchCount(of data: PreparedData) -> Int {
    let rows = data.rowCount(of: self)
    let size = min(settings.batchSize ?? rows, rows)
    guard size > 0 else { return 0 }
    return settings.dropsLast && !objective.carriesState && settings.batchSize ?? 0 <= rows
      ? rows / size : (rows + size - 1) / size
  }

  /// The number of rows in the training's first batch.
  fileprivate func firstRows(of data: PreparedData) throws -> DataSet {
    let rows = data.rowCount(of: self)
    var missing = min(settings.batchSize ?? .max, rows)
    if objective.carriesState {
      // Tracks share the rows evenly.
      let batches = max(batchCount(of: data), 1)
      missing = (rows + batches - 1) / batches
    }
    var sets: [DataSet] = []
    for name in settings.rows where missing > 0 {
      guard let set = data.parts.first(where: { $0.name == name })?.set else { continue }
      let count = min(missing, set.count)
      sets.append(set.subset(Array(0..<count)))
      missing -= count
    }
    guard !sets.isEmpty else { throw TrainingError.noRows(data.name, part: settings.rows.first ?? "train") }
    return DataSet.joined(sets)
  }
}
