import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// Runs a recipe: prepares the data, builds the model, trains it stage by stage, and keeps a folder of the run.
///
/// ```swift
/// let recipe = try Recipe(contentsOf: "fonts-mlp.json")
/// let result = try Trainer(recipe, in: .standard).run()
/// result.scores["test"]?.values["accuracy"]
/// ```
///
/// The same recipe gives the same bits, for any number of threads, and whether or not the run was interrupted and resumed. A kill at any
/// moment loses nothing that was saved before.
public final class Trainer {
  /// What does not belong to the recipe: where files lie and how often to save.
  public struct Options: Sendable {
    /// Where data sets that are files lie; the environment variable `AVIARY_DATA`.
    public var dataFolder: String?
    /// A file in place of the data set's own.
    public var dataFile: String?
    /// The run's folder; nil keeps no files.
    public var output: String?
    /// Saves a checkpoint whenever so many seconds have passed.
    public var secondsBetweenCheckpoints = 30.0
    /// Saves a checkpoint every so many updates as well; nil does not.
    public var stepsBetweenCheckpoints: Int?

    /// No files, and data from the package alone.
    public init() {}
  }

  /// The recipe, resolved.
  public let recipe: ResolvedRecipe
  /// Where files lie.
  public let options: Options
  /// The data as the training sees them.
  public let data: PreparedData
  var state: TrainingState
  let folder: RunFolder?
  private let random: RandomSource
  private let clock = ContinuousClock()

  /// Resolves the recipe, loads the data and builds the model.
  ///
  /// Throws what is wrong with the recipe, the data or the model, before anything is written; ``TrainingError`` where the output folder
  /// holds another run.
  public init(_ recipe: Recipe, in registries: Registries, options: Options = Options()) throws {
    self.recipe = try recipe.resolved(in: registries)
    self.options = options
    data = try self.recipe.prepare(folder: options.dataFolder, file: options.dataFile)
    state = TrainingState(model: try self.recipe.buildModel(for: data.task))
    random = RandomSource(seed: self.recipe.seed)
    folder = try options.output.map { try RunFolder(creating: $0) }
  }

  /// Takes up the run of a folder where it was saved last. Options' output is the folder.
  ///
  /// Throws where the folder holds no run, or its files are damaged.
  public init(resuming path: String, in registries: Registries, options: Options = Options()) throws {
    let folder = try RunFolder(existing: path)
    recipe = try folder.recipe().resolved(in: registries)
    let saved = try folder.checkpoint()
    var options = options
    options.output = path
    options.dataFile = options.dataFile ?? saved.dataFile
    data = try recipe.prepare(folder: options.dataFolder, file: options.dataFile, learned: saved.learned)
    state = TrainingState(model: try recipe.buildModel(for: data.task))
    try saved.restore(&state)
    guard state.stage <= recipe.stages.count else {
      throw TrainingError.checkpoint(
        folder.path(.checkpoint), "it is in stage \(state.stage), which the recipe does not have")
    }
    self.options = options
    random = RandomSource(seed: recipe.seed)
    self.folder = folder
  }

  /// Trains to the end, or until `shouldStop` says so after a batch; saves either way.
  ///
  /// - Parameters:
  ///   - observer: is told what happens.
  ///   - shouldStop: is asked after each batch.
  /// - Returns: how far it came, and the scores.
  /// - Throws: what the observer throws, and where the loss or a gradient is not finite or a file cannot be written.
  @discardableResult
  public func run(
    observer: (TrainingEvent) throws -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws -> TrainingResult {
    try observer(.prepared(model: state.model.summary, rows: data.parts.map { ($0.name, $0.set.count) }))
    try folder?.begin(recipe.document, columns: recipe.columns(data), history: state.history)
    try save(observer)
    while state.stage < recipe.stages.count {
      let stage = recipe.stages[state.stage]
      try observer(.stageBegan(name: stage.name, epochs: stage.settings.epochs))
      guard try train(stage, observer, shouldStop) else {
        try save(observer)
        return TrainingResult(model: state.model, history: state.history, scores: [:], isInterrupted: true)
      }
      state.enterNextStage()
      if state.stage < recipe.stages.count { try save(observer) }
    }
    state.isFinished = true
    let scores = try finalScores()
    try folder?.finish(state, recipe, data, scores)
    try save(observer)
    return TrainingResult(model: state.model, history: state.history, scores: scores, isInterrupted: false)
  }

  private func save(_ observer: (TrainingEvent) throws -> Void) throws {
    guard let folder else { return }
    let checkpoint = Checkpoint(learned: data.learned, dataFile: options.dataFile)
    try folder.save(checkpoint.encoded(state))
    try observer(.saved(folder: folder.root))
  }

  private func finalScores() throws -> [String: Measurement] {
    guard let stage = recipe.stages.last else { return [:] }
    var scores: [String: Measurement] = [:]
    for (name, set) in data.parts { scores[name] = try stage.measure(state.model, on: set, classes: data.task.classes) }
    return scores
  }

  // MARK: A stage

  /// Trains a stage to its end; false where it was stopped from outside.
  private func train(
    _ stage: Stage, _ observer: (TrainingEvent) throws -> Void, _ shouldStop: () -> Bool
  ) throws -> Bool {
    let trained = try TrainedParameters(state.model.parameters, matching: stage.settings.parameters)
    var stops = false
    while state.epoch < stage.settings.epochs && !stops {
      let began = clock.now
      guard try trainEpoch(stage, trained, observer, shouldStop) else { return false }
      let decision = try endEpoch(stage)
      stops = decision.stops
      let record = state.history[state.history.count - 1]
      let seconds = (clock.now - began).seconds
      try folder?.append(record, seconds: seconds, columns: recipe.columns(data))
      try observer(.epochEnded(record, seconds: seconds))
    }
    if stage.stopping?.restoresBest == true, let best = state.best {
      state.model.parameters.trainable = best.trainable
      state.model.parameters.state = best.state
    }
    try observer(.stageEnded(name: stage.name, stoppedEarly: state.epoch < stage.settings.epochs))
    return true
  }

  /// The rest of the present epoch; false where it was stopped from outside.
  private func trainEpoch(
    _ stage: Stage, _ trained: TrainedParameters, _ observer: (TrainingEvent) throws -> Void, _ shouldStop: () -> Bool
  ) throws -> Bool {
    let settings = stage.settings
    let loader = BatchLoader(
      data.train, batchSize: settings.batchSize, shuffling: settings.shuffle ? random["shuffle"][stage.name] : nil,
      epoch: state.epoch, dropsLast: settings.dropsLast, startingAt: state.batch)
    if state.means.isEmpty { state.means = Array(repeating: MetricMean(), count: stage.metrics.count + 1) }
    var rows = 0
    for batch in loader {
      try update(stage, trained, batch, batches: loader.batchCount)
      rows += batch.count
      try observer(
        .batchEnded(
          BatchProgress(
            stage: stage.name, epoch: state.epoch + 1, epochs: settings.epochs, batch: state.batch,
            batches: loader.batchCount, rows: rows, values: stage.named(state.means))))
      if shouldStop() { return false }
      if isCheckpointDue() { try save(observer) }
    }
    return true
  }

  /// One update.
  private func update(_ stage: Stage, _ trained: TrainedParameters, _ batch: Batch, batches: Int) throws {
    let progress = TrainingProgress(
      step: state.step, epoch: state.epoch, stepsPerEpoch: batches, epochs: stage.settings.epochs)
    let context = Context(
      .training, random: random["stage"][stage.name].at(step: state.step), progress: progress)
    let found = try stage.objective.step(state.model, trained, batch, context, &state.objective)
    guard found.value.isFinite else { throw diverged(stage, "the objective") }
    do { try found.gradient.requireFinite(step: state.step) } catch { throw diverged(stage, "the gradient") }
    let evaluation = try self.evaluation(stage, trained, batch, context, found)
    // Taken out meanwhile: two parts of one object's state cannot be changed at once.
    var memory = OptimizerState()
    swap(&memory, &state.optimizer)
    defer { swap(&memory, &state.optimizer) }
    try trained.update(&state.model.parameters) { vector in
      try stage.optimizer.update(&vector, state: &memory, from: evaluation)
    }
    state.model.parameters.apply(found.stateUpdates)
    state.model.parameters.applyConstraints()
    state.step += 1
    state.batch += 1
    let assessment = found.assessment
    state.means[0].add((assessment.loss * Double(assessment.count), assessment.count))
    guard let predictions = assessment.predictions, let targets = assessment.targets else { return }
    for (index, metric) in stage.metrics.enumerated() { state.means[index + 1].add(metric.sum(predictions, targets)) }
  }

  /// The step as the optimizer sees it; other points on the same batch with the same random numbers.
  private func evaluation(
    _ stage: Stage, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ found: ObjectiveStep
  ) throws -> Evaluation {
    var gradient = found.gradient
    stage.clipping?.clip(&gradient)
    guard !stage.optimizer.needs.isEmpty else {
      return Evaluation(gradient: gradient, loss: found.value, progress: context.progress)
    }
    let (model, objective) = (state.model, state.objective)
    return Evaluation(
      gradient: gradient, loss: found.value, progress: context.progress,
      at: { vector in
        var moved = model
        trained.update(&moved.parameters) { $0 = vector }
        var memory = objective
        let there = try stage.objective.step(moved, trained, batch, context, &memory)
        return (there.value, there.gradient)
      },
      hessianVectorProduct: stage.objective.offers.contains(.hessianVectorProducts)
        ? { try stage.objective.hessianVectorProduct($0, model, trained, batch, context) } : nil)
  }

  /// Closes an epoch: measures the other parts, records, and asks the stopping rule.
  private func endEpoch(_ stage: Stage) throws -> StoppingDecision {
    state.epoch += 1
    state.batch = 0
    var values: [String: Double] = [:]
    for (name, value) in stage.named(state.means) { values["train.\(name)"] = value }
    state.means = []
    if state.epoch % stage.settings.evaluateEvery == 0 || state.epoch == stage.settings.epochs {
      for (part, set) in data.parts where part != "train" {
        for (name, value) in try stage.measure(state.model, on: set).values { values["\(part).\(name)"] = value }
      }
    }
    state.history.append(EpochRecord(stage: stage.name, epoch: state.epoch, step: state.step, values: values))
    guard let rule = stage.stopping else { return StoppingDecision(isBest: false, stops: false) }
    let decision = try rule.decide(state.records(of: stage.name))
    if decision.isBest { state.best = (state.model.parameters.trainable, state.model.parameters.state) }
    return decision
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

extension Stage {
  /// Means by name: the loss first, then the metrics.
  func named(_ means: [MetricMean]) -> [String: Double] {
    var values: [String: Double] = [:]
    values["loss"] = means.first?.value
    for (metric, mean) in zip(metrics, means.dropFirst()) { values[metric.label] = mean.value }
    return values
  }
}

extension ResolvedRecipe {
  /// The model, with the initial values of the recipe's seed.
  public func buildModel(for task: LearningTask) throws -> Model {
    try model.built(for: task, dtype: dtype, seed: seed)
  }

  /// The columns of `metrics.csv`: for each part the loss and all stages' metrics.
  func columns(_ data: PreparedData) -> [String] {
    var labels = ["loss"]
    for metric in stages.flatMap(\.metrics) where !labels.contains(metric.label) { labels.append(metric.label) }
    return data.parts.flatMap { part in labels.map { "\(part.name).\($0)" } }
  }
}

extension Duration {
  /// The duration in seconds.
  package var seconds: Double {
    let (whole, atto) = components
    return Double(whole) + Double(atto) * 1e-18
  }
}
