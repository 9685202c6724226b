import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers

extension Trainer {
  /// Trains a stage to its end; returns false if it was stopped from outside.
  func train(
    _ stage: Stage, _ observer: (TrainingEvent) throws -> Void, _ shouldStop: () -> Bool
  ) throws -> Bool {
    // A stage resumed after its first step has already begun.
    if state.step == 0 { try recipe.model.begin(stage.name, &state.model) }
    let trained = try stage.trained(of: state.model)
    let view = try stage.view(of: data, through: state.model)
    let watch = try LossWatch(stage, stage.part(of: state.model), view.training)
    var isDone = try state.isDone(with: stage)
    let next = try state.decisions(of: stage)
    while !isDone {
      let began = clock.now
      guard try trainEpoch(stage, view, trained, observer, shouldStop) else { return false }
      let decision = try endEpoch(stage, view, next)
      isDone = decision.stops || state.epoch >= stage.settings.epochs
      let record = state.history[state.history.count - 1]
      let seconds = (clock.now - began).seconds
      try folder?.append(record, seconds: seconds, columns: recipe.columns(data))
      try observer(.epochEnded(record, seconds: seconds))
      if state.warnings[stage.name] == nil,
        let warning = try watch.warning(
          after: isDone ? state.records(of: stage.name) : [record], isLast: isDone, stage.part(of: state.model))
      {
        state.warnings[stage.name] = warning
        try observer(.warning(warning))
      }
    }
    if stage.stopping?.restoresBest == true, let best = state.best {
      state.last = (state.model.parameters.trainable, state.model.parameters.state)
      state.model.parameters.trainable = best.trainable
      state.model.parameters.state = best.state
    } else if let solved = try solution(of: stage) {
      state.last = (state.model.parameters.trainable, state.model.parameters.state)
      state.model = solved
    }
    try observer(.stageEnded(name: stage.name, stoppedEarly: state.epoch < stage.settings.epochs))
    return true
  }

  /// The rest of the current epoch; returns false if it was stopped from outside.
  private func trainEpoch(
    _ stage: Stage, _ view: StageView, _ trained: TrainedParameters, _ observer: (TrainingEvent) throws -> Void,
    _ shouldStop: () -> Bool
  ) throws -> Bool {
    let settings = stage.settings
    let loader = BatchLoader(
      view.training, batchSize: settings.batchSize, shuffling: settings.shuffle ? random["shuffle"][stage.name] : nil,
      epoch: state.epoch, dropsLast: settings.dropsLast, inTracks: stage.objective.carriesState,
      startingAt: state.batch)
    if state.means.isEmpty { state.means = Array(repeating: MetricMean(), count: stage.measured.count) }
    let schedules = StageSchedules(stage, try stage.part(of: state.model))
    var rows = 0
    let measured = try measuredEpochs(of: stage)
    for batch in loader {
      var progress = TrainingProgress(
        step: state.step, epoch: state.epoch, stepsPerEpoch: loader.batchCount, epochs: settings.epochs)
      progress.measured = measured
      try update(stage, trained, schedules, batch, progress)
      rows += batch.count
      try observer(
        .batchEnded(
          BatchProgress(
            stage: stage.name, epoch: state.epoch + 1, epochs: settings.epochs, batch: state.batch,
            batches: loader.batchCount, rows: rows, values: stage.named(state.means))))
      try folder?.requirePresent()
      if shouldStop() { return false }
      if isCheckpointDue() { try save(observer) }
    }
    return true
  }

  /// One update.
  private func update(
    _ stage: Stage, _ trained: TrainedParameters, _ schedules: StageSchedules, _ batch: Batch,
    _ progress: TrainingProgress
  ) throws {
    try schedules.check(at: progress)
    let context = Context(
      .training, random: random["stage"][stage.name].at(step: state.step), progress: progress)
    let assessment =
      switch stage.method {
      case .descent(let objective, let optimizer):
        try descend(stage, objective, optimizer, trained, batch, context)
      case .fit(let objective): try fit(stage, objective, batch, context)
      }
    state.step += 1
    state.batch += 1
    try stage.add(assessment, of: batch, to: &state.means)
  }

  /// Lets an objective fit the parameters.
  private func fit(
    _ stage: Stage, _ objective: any FittingObjective, _ batch: Batch, _ context: Context
  ) throws -> Assessment {
    let found = try objective.fit(stage.part(of: state.model), batch, context, &state.objective)
    for (index, value) in found.values {
      do { try value.requireFinite(step: state.step) } catch {
        throw diverged(
          stage,
          "\(error.count) of \(error.elementCount) fitted values of '\(state.model.parameters.entries[index].name)' "
            + "are not finite")
      }
    }
    state.model.parameters.apply(found.values)
    return found.assessment
  }

  /// Lets an optimizer follow an objective's gradients.
  private func descend(
    _ stage: Stage, _ objective: any GradientObjective, _ optimizer: any Optimizer, _ trained: TrainedParameters,
    _ batch: Batch, _ context: Context
  ) throws -> Assessment {
    var found = try objective.step(stage.part(of: state.model), trained, batch, context, &state.objective)
    guard found.value.isFinite else {
      throw diverged(stage, "the objective is \(found.value.isNaN ? "not a number" : "infinite")")
    }
    do { try found.gradient.requireFinite(step: state.step) } catch {
      let place = trained.name(ofElement: error.element, in: state.model.parameters)
      throw diverged(
        stage,
        "\(error.count) of \(error.elementCount) elements of the gradient are not finite, the first (\(error.value)) in "
          + place)
    }
    // Clipped in place, before an evaluation shares its memory.
    stage.clipping?.clip(&found.gradient)
    let evaluation = evaluation(stage, objective, optimizer, trained, batch, context, found)
    // Moved out for the call, because two parts of one object cannot be changed at once.
    var memory = OptimizerState()
    swap(&memory, &state.optimizer)
    defer { swap(&memory, &state.optimizer) }
    let step = optimizer.gradientStep(at: context.progress)
    try trained.update(
      &state.model.parameters, after: found, gradientStep: step, imposingConstraints: !objective.enforcesConstraints
    ) { vector in
      try optimizer.update(&vector, state: &memory, from: evaluation)
    }
    return found.assessment
  }

  /// The step as the optimizer sees it; other points use the same batch and random numbers.
  private func evaluation(
    _ stage: Stage, _ objective: any GradientObjective, _ optimizer: any Optimizer, _ trained: TrainedParameters,
    _ batch: Batch, _ context: Context, _ found: ObjectiveStep
  ) -> Evaluation {
    guard !optimizer.needs.isEmpty else {
      return Evaluation(gradient: found.gradient, loss: found.value, progress: context.progress)
    }
    let layout = optimizer.needs.contains(.layout) ? trained.layout(of: state.model.parameters) : nil
    // A second owner of the parameters would turn the update into a copy.
    guard optimizer.needs != [.layout] else {
      return Evaluation(gradient: found.gradient, loss: found.value, progress: context.progress, layout: layout)
    }
    let (model, remembered) = (state.model, state.objective)
    return Evaluation(
      gradient: found.gradient, loss: found.value, progress: context.progress, layout: layout,
      at: { vector in
        var moved = model
        trained.update(&moved.parameters) { $0 = vector }
        var memory = remembered
        let there = try objective.step(stage.part(of: moved), trained, batch, context, &memory)
        return (there.value, there.gradient)
      },
      hessianVectorProduct: objective.offers.contains(.hessianVectorProducts)
        ? { try objective.hessianVectorProduct($0, stage.part(of: model), trained, batch, context) } : nil,
      gaussNewtonProduct: objective.offers.contains(.gaussNewtonProducts)
        ? { try objective.gaussNewtonProduct($0, stage.part(of: model), trained, batch, context) } : nil,
      diagonalCurvature: objective.offers.contains(.diagonalCurvature)
        ? { try objective.diagonalCurvature(stage.part(of: model), trained, batch, context) } : nil)
  }

  /// The network with the parameters that the optimizer returns, if they differ from those it continues with.
  private func solution(of stage: Stage) throws -> Model? {
    guard let vector = stage.optimizer?.solution(state.optimizer) else { return nil }
    var model = state.model
    try stage.trained(of: model).update(&model.parameters) { $0 = vector }
    return model
  }

  /// Ends an epoch: evaluates the other parts, records the scores, and asks the stopping rule.
  private func endEpoch(
    _ stage: Stage, _ view: StageView, _ next: ((EpochRecord) throws -> StoppingDecision)?
  ) throws -> StoppingDecision {
    state.epoch += 1
    state.batch = 0
    var values: [String: Double] = [:]
    for (name, value) in stage.named(state.means) { values["train.\(name)"] = value }
    state.means = []
    let solved = try solution(of: stage) ?? state.model
    if state.epoch % stage.settings.evaluateEvery == 0 || state.epoch == stage.settings.epochs {
      for (part, set) in view.parts where stage.measures(part) {
        for (name, value) in try stage.measure(solved, on: set).values { values["\(part).\(name)"] = value }
      }
    }
    if let rate = try stage.optimizer?.learningRate(at: lastProgress(of: stage)) { values["learning-rate"] = rate }
    let record = EpochRecord(stage: stage.name, epoch: state.epoch, step: state.step, values: values)
    state.history.append(record)
    guard let decision = try next?(record) else { return StoppingDecision(isBest: false, stops: false) }
    if decision.isBest { state.best = (solved.parameters.trainable, solved.parameters.state) }
    return decision
  }

  /// The last step of the epoch that has just ended.
  private func lastProgress(of stage: Stage) throws -> TrainingProgress {
    var progress = TrainingProgress(
      step: state.step - 1, epoch: state.epoch - 1, stepsPerEpoch: max(1, state.step / state.epoch),
      epochs: stage.settings.epochs)
    progress.measured = try measuredEpochs(of: stage)
    return progress
  }

  /// The values measured in the stage's epochs so far, if a schedule depends on them. Otherwise none, because gathering
  /// them in each epoch takes time in proportion to the epochs.
  private func measuredEpochs(of stage: Stage) throws -> [[String: Double]] {
    guard try stage.followsMeasurements(of: state.model) else { return [] }
    return state.records(of: stage.name).map(\.values)
  }

  private func isCheckpointDue() -> Bool {
    guard let folder else { return false }
    if let steps = options.stepsBetweenCheckpoints, state.step % steps == 0 { return true }
    return folder.secondsSinceSaved > options.secondsBetweenCheckpoints
  }

  private func diverged(_ stage: Stage, _ what: String) -> TrainingError {
    .diverged(stage: stage.name, epoch: state.epoch + 1, step: state.step + 1, what: what)
  }
}
