import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// Runs a recipe: prepares the data, builds the model, trains it stage by stage, and maintains the run's folder.
///
/// ```swift
/// let recipe = try Recipe(contentsOf: "fonts-mlp.json")
/// let result = try Trainer(recipe, in: .standard).run()
/// result.scores["test"]?.values["accuracy"]
/// ```
///
/// The same recipe gives bitwise the same result for any number of threads, and whether or not the run was interrupted
/// and resumed. A kill at any moment loses nothing that was already saved.
public final class Trainer {
  /// Options outside the recipe: where files are and how often to save.
  public struct Options: Sendable {
    /// The folder of file-based data sets. Default: `DataEnvironment.standardFolder`, which is the environment variable
    /// `AVIARY_DATA` or the user's data folder.
    public var dataFolder: String?
    /// A file to read instead of the data set's own.
    public var dataFile: String?
    /// Resumes a run even if its data now has other rows of the same shapes.
    public var acceptsChangedData = false
    /// For a resumed run, a new number of epochs of the last stage; nil keeps it. A finished run continues up to it,
    /// and schedules behave as if it had been set from the start.
    public var epochs: Int?
    /// The run's folder; nil keeps no files.
    public var output: String?
    /// The time between checkpoints, in seconds.
    public var secondsBetweenCheckpoints = 30.0
    /// Also saves a checkpoint every this many updates; nil does not.
    public var stepsBetweenCheckpoints: Int?
    /// Whether to evaluate the model even if `shouldStop` ends the training. Set it to false if someone is waiting for
    /// the process to end; the result then has no scores.
    public var measuresWhenStopped = true
    /// The recipe before it was changed; the report lists the differences.
    public var original: Recipe?

    /// The defaults: no run folder.
    public init() {}
  }

  /// The files of a run's folder. A folder with any of them is not used for a new run.
  public static let files = RunFolder.File.allCases.map(\.rawValue)

  /// The resolved recipe.
  public let recipe: ResolvedRecipe
  public let options: Options
  /// The data as the training sees it.
  public let data: PreparedData
  /// Notes on what was guessed in reading the data, and on what has changed in a resumed run. The training reports them
  /// as ``TrainingEvent/note(_:)``.
  public let notes: [String]
  /// The file given instead of the data set's own, if the recipe has no setting for it.
  private let dataFile: String?
  var state: TrainingState
  /// The network as it stands.
  public var model: Model { state.model }
  let folder: RunFolder?
  /// The differences from the options' original recipe.
  private let changes: [RecipeChange]
  let random: RandomSource
  let clock = ContinuousClock()

  /// Resolves the recipe, loads the data and builds the model.
  ///
  /// A file given instead of the data set's own becomes part of the recipe, so the run's folder states what was
  /// trained. The output folder is created and locked until this training has ended; a trainer that never runs leaves
  /// no folder behind. Throws errors in the recipe, the data or the model before anything is written, and before the
  /// data is loaded ``TrainingError`` if the output folder is not writable, holds another run, or is in use by another
  /// training.
  public init(_ recipe: Recipe, in registries: Registries, options: Options = Options()) throws {
    var recipe = recipe
    var file = options.dataFile
    if let name = file, try recipe.setDataFile(name, in: registries) { file = nil }
    let resolved = try recipe.resolved(in: registries)
    self.options = options
    // Cheap checks come first: loading data may take minutes.
    folder = try options.output.map { try RunFolder(creating: $0) }
    var data = try resolved.prepare(folder: options.dataFolder, file: file)
    var model = try resolved.buildModel(for: data)
    if let initial = resolved.initial {
      var environment = DataEnvironment(folder: options.dataFolder)
      (environment.recipeFolder, environment.known) = (resolved.folder, resolved.files)
      data.files[initial.from] = try ConfigurationError.locating(in: recipe.source ?? resolved.name) {
        try initial.load(into: &model, environment)
      }
    }
    self.data = data
    state = TrainingState(model: model)
    let measured = try resolved.check(state.model, data)
    self.recipe =
      try resolved.narrowedDocument(measuring: measured, data).map {
        try Recipe($0, source: recipe.source, folder: recipe.folder).resolved(in: registries)
      } ?? resolved
    random = RandomSource(seed: resolved.seed)
    (dataFile, notes) = (file, data.notes)
    changes = self.recipe.changes(from: options.original, in: registries)
  }

  /// Resumes the run in a folder from its last checkpoint. The options' output is this folder. Data files are looked
  /// for where the run found them, then as at its beginning. Edits of its recipe are applied or refused; see
  /// <doc:RunFolders>.
  ///
  /// Throws if the folder holds no run, another training is using it, its files are damaged, its recipe was edited in
  /// settings that cannot change, or the data is not the data of the training.
  public init(resuming path: String, in registries: Registries, options: Options = Options()) throws {
    let folder = try RunFolder(existing: path)
    try folder.acquireLock()
    let saved = try folder.checkpoint()
    var document = try folder.recipe()
    if let epochs = options.epochs { try document.setLastStageEpochs(epochs, in: registries) }
    var files = saved.fields.files
    // A newly named file is not looked for where the old one was.
    if let file = options.dataFile { files[file] = nil }
    var file = options.dataFile ?? saved.fields.dataFile
    if let name = file, try document.setDataFile(name, in: registries) { file = nil }
    recipe = try document.resolved(in: registries)
    var options = options
    options.output = path
    self.options = options
    let edited = try EditedRecipe(recipe, of: saved, folder: path, in: registries)
    var data = try recipe.prepare(
      folder: options.dataFolder, file: file, learned: saved.learned(by: recipe), files: files,
      schema: saved.fields.schema)
    if let from = recipe.initial?.from { data.files[from] = files[from] }
    self.data = data
    let change = try saved.check(data, edited, acceptingOthers: options.acceptsChangedData)
    let model = try recipe.buildModel(for: data)
    if !edited.changes.isEmpty { _ = try recipe.check(model, data) }
    state = try saved.state(of: model, recipe, data)
    try state.reopen(for: recipe.stages)
    if let last = recipe.stages.last, state.stage == recipe.stages.count, last.stopping == nil,
      state.records(of: last.name).count < last.settings.epochs
    {
      throw TrainingError.folder(
        path, "an earlier release finished the run without saving what further epochs need; start a new run")
    }
    notes =
      data.notes + edited.notes(goesOn: !state.isFinished, hasOtherRows: change != nil)
      + [change.map { "continuing with other data: \($0)" }].compactMap { $0 }
    random = RandomSource(seed: recipe.seed)
    dataFile = file
    self.folder = folder
    changes = self.recipe.changes(from: options.original, in: registries)
  }

  /// Trains to the end, or until `shouldStop` returns true after a batch, and saves in either case.
  ///
  /// - Parameters:
  ///   - observer: called with every event.
  ///   - shouldStop: called after each batch.
  /// - Returns: the progress and the scores of the final model, also if it was stopped, unless the options omit them.
  /// - Throws: what the observer throws; also if the loss or a gradient is not finite, a file cannot be written, or the
  ///   run's folder is gone.
  @discardableResult
  public func run(
    observer: (TrainingEvent) throws -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws -> TrainingResult {
    try folder?.acquireLock()
    defer { folder?.unlock() }
    for note in notes { try observer(.note(note)) }
    try observer(.prepared(model: state.model.summary, rows: data.parts.map { ($0.name, $0.set.count) }))
    try folder?.begin(recipe.document(naming: data.files), columns: recipe.columns(data), history: state.history)
    try save(observer)
    while !state.isFinished {
      let stage = recipe.stages[state.stage]
      try observer(.stageBegan(name: stage.name, epochs: stage.settings.epochs))
      guard try train(stage, observer, shouldStop) else {
        try save(observer)
        let scores = options.measuresWhenStopped ? try finalScores() : [:]
        return TrainingResult(
          model: state.model, history: state.history, scores: scores, warnings: warnings, isInterrupted: true)
      }
      guard state.stage + 1 < recipe.stages.count else {
        state.isFinished = true
        break
      }
      state.enterNextStage()
      if folder?.isSavingCheap ?? false { try save(observer) }
    }
    let scores = try finalScores()
    try folder?.finish(state, recipe, data, scores, warnings: warnings, changes: changes)
    try save(observer)
    return TrainingResult(
      model: state.model, history: state.history, scores: scores, warnings: warnings, isInterrupted: false)
  }

  /// Warnings in the order of the stages.
  private var warnings: [String] { recipe.stages.compactMap { state.warnings[$0.name] } }

  func save(_ observer: (TrainingEvent) throws -> Void) throws {
    guard let folder else { return }
    try folder.save { try Checkpoint(recipe: recipe, data: data, dataFile: dataFile).encoded(state) }
    try observer(.saved(folder: folder.root))
  }

  private func finalScores() throws -> [String: Measurement] {
    guard let stage = recipe.stages.last else { return [:] }
    var scores: [String: Measurement] = [:]
    for (name, set) in try stage.view(of: data, through: state.model).parts {
      scores[name] = try stage.finalScores(state.model, on: set, classes: data.task.classes)
    }
    return scores
  }
}

extension ResolvedRecipe {
  /// The model, with initial values drawn from the recipe's seed.
  public func buildModel(for task: LearningTask) throws -> Model {
    try model.built(for: task, dtype: dtype, seed: seed)
  }

  /// The model, with initial values drawn from the recipe's seed, after checking that there is enough memory to train
  /// it.
  func buildModel(for data: PreparedData) throws -> Model {
    let plan = try model.plan(for: data.task, dtype: dtype, seed: seed)
    for stage in stages {
      do { try stage.memory(of: plan, data).check() } catch  where stages.count > 1 {
        throw TrainingError.stage(stage.name, "\(error)")
      }
    }
    return try Model(plan)
  }

  /// The columns of `metrics.csv`: for each part, everything that any stage measures; and the learning rate of an
  /// epoch's last step if any stage's optimizer has one.
  func columns(_ data: PreparedData) -> [String] {
    var labels: [String] = []
    for label in stages.flatMap(\.measured) where !labels.contains(label) { labels.append(label) }
    let hasRate = stages.contains { $0.optimizer?.learningRate(at: TrainingProgress()) != nil }
    return data.parts.flatMap { part in labels.map { "\(part.name).\($0)" } } + (hasRate ? ["learning-rate"] : [])
  }
}

extension Duration {
  package var seconds: Double {
    let (whole, atto) = components
    return Double(whole) + Double(atto) * 1e-18
  }
}
