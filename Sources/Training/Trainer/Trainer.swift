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
    /// Where data sets that are files lie; unless given `DataEnvironment.standardFolder`: the environment variable
    /// `AVIARY_DATA`, or the user's folder of data.
    public var dataFolder: String?
    /// A file in place of the data set's own.
    public var dataFile: String?
    /// Takes up a run though its data have other rows now, of the same shapes.
    public var acceptsChangedData = false
    /// The last stage's number of epochs, where a run is taken up; nil leaves it. A finished run goes on to it, and
    /// schedules are followed as if it had been so from the start.
    public var epochs: Int?
    /// The run's folder; nil keeps no files.
    public var output: String?
    /// Saves a checkpoint whenever so many seconds have passed.
    public var secondsBetweenCheckpoints = 30.0
    /// Saves a checkpoint every so many updates as well; nil does not.
    public var stepsBetweenCheckpoints: Int?
    /// Measures the model when `shouldStop` ends a training, too, which takes as long as at its end. Where somebody waits for
    /// the process to end, false leaves the result without scores.
    public var measuresWhenStopped = true
    /// The recipe before it was changed: the report tells what is different.
    public var original: Recipe?

    /// No files, and data from the package alone.
    public init() {}
  }

  /// The files of a run's folder. A folder that holds one of them takes no new run.
  public static let files = RunFolder.File.allCases.map(\.rawValue)

  /// The recipe, resolved.
  public let recipe: ResolvedRecipe
  /// Where files lie.
  public let options: Options
  /// The data as the training sees them.
  public let data: PreparedData
  /// What is to be known before the training: what was guessed when the data were read, and what is different where a run is taken
  /// up. The training tells it as ``TrainingEvent/note(_:)``.
  public let notes: [String]
  /// The file given in place of the data set's own, where the recipe has no place for it.
  private let dataFile: String?
  var state: TrainingState
  let folder: RunFolder?
  /// What differs from the options' original recipe.
  private let changes: [RecipeChange]
  let random: RandomSource
  let clock = ContinuousClock()

  /// Resolves the recipe, loads the data and builds the model.
  ///
  /// A file given in place of the set's own becomes part of the recipe: what the run's folder keeps is what was trained. The
  /// output folder is made, and no other training can have it until this one has ended; a trainer that is never run leaves none.
  /// Throws what is wrong with the recipe, the data or the model, before anything is written; before the data are loaded
  /// ``TrainingError`` where the output folder cannot be written to, holds another run, or another training has it.
  public init(_ recipe: Recipe, in registries: Registries, options: Options = Options()) throws {
    var recipe = recipe
    var file = options.dataFile
    if let name = file, try recipe.setDataFile(name, in: registries) { file = nil }
    let resolved = try recipe.resolved(in: registries)
    self.options = options
    // What is cheap comes first: data may take minutes to load.
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

  /// Takes up the run of a folder where it was saved last. Options' output is the folder. Files of data are looked for where the
  /// run found them, then as at its beginning. What was edited in its recipe meanwhile is obeyed or refused, see <doc:RunFolders>.
  ///
  /// Throws where the folder holds no run, another training has it, its files are damaged, its recipe was edited in what cannot change, or the data
  /// are not those it was trained on.
  public init(resuming path: String, in registries: Registries, options: Options = Options()) throws {
    let folder = try RunFolder(existing: path)
    try folder.acquireLock()
    let saved = try folder.checkpoint()
    var document = try folder.recipe()
    if let epochs = options.epochs { try document.setLastStageEpochs(epochs, in: registries) }
    var files = saved.fields.files
    // A file that is named now is not looked for where another was.
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
        path, "an earlier release finished the run and did not keep what further epochs need; begin a new run")
    }
    notes =
      data.notes + edited.notes(goesOn: !state.isFinished, hasOtherRows: change != nil)
      + [change.map { "it goes on with other data: \($0)" }].compactMap { $0 }
    random = RandomSource(seed: recipe.seed)
    dataFile = file
    self.folder = folder
    changes = self.recipe.changes(from: options.original, in: registries)
  }

  /// Trains to the end, or until `shouldStop` says so after a batch; saves either way.
  ///
  /// - Parameters:
  ///   - observer: is told what happens.
  ///   - shouldStop: is asked after each batch.
  /// - Returns: how far it came, and the scores: of the model as it is then, also where it was stopped, unless the options
  ///   leave that out.
  /// - Throws: what the observer throws, and where the loss or a gradient is not finite, a file cannot be written, or the run's
  ///   folder is gone.
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
      try save(observer)
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
    try folder.save(Checkpoint(recipe: recipe, data: data, dataFile: dataFile).encoded(state))
    try observer(.saved(folder: folder.root))
  }

  private func finalScores() throws -> [String: Measurement] {
    guard let stage = recipe.stages.last else { return [:] }
    var scores: [String: Measurement] = [:]
    for (name, set) in try stage.view(of: data, through: state.model).parts {
      scores[name] = try stage.measure(state.model, on: set, classes: data.task.classes)
    }
    return scores
  }
}

extension ResolvedRecipe {
  /// The model, with the initial values of the recipe's seed.
  public func buildModel(for task: LearningTask) throws -> Model {
    try model.built(for: task, dtype: dtype, seed: seed)
  }

  /// The model, with the initial values of the recipe's seed, once it is known that there can be memory for its training.
  func buildModel(for data: PreparedData) throws -> Model {
    let plan = try ModelPlan(model.network(for: data.task), input: data.task.input, dtype: dtype, seed: seed)
    for stage in stages {
      do { try stage.memory(of: plan, data).check() } catch  where stages.count > 1 {
        throw TrainingError.stage(stage.name, "\(error)")
      }
    }
    return try Model(plan)
  }

  /// The columns of `metrics.csv`: for each part what any stage measures.
  func columns(_ data: PreparedData) -> [String] {
    var labels: [String] = []
    for label in stages.flatMap(\.measured) where !labels.contains(label) { labels.append(label) }
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
