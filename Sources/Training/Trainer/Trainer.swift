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
  var state: TrainingState
  let folder: RunFolder?
  /// What differs from the options' original recipe.
  private let changes: [RecipeChange]
  let random: RandomSource
  let clock = ContinuousClock()

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
    try self.recipe.check(state.model, data)
    folder = try options.output.map { try RunFolder(creating: $0) }
    changes = self.recipe.changes(from: options.original, in: registries)
  }

  /// Takes up the run of a folder where it was saved last. Options' output is the folder. Files of data are looked for where the
  /// run found them, then as at its beginning.
  ///
  /// Throws where the folder holds no run, its files are damaged, or the data are not those it was trained on.
  public init(resuming path: String, in registries: Registries, options: Options = Options()) throws {
    let folder = try RunFolder(existing: path)
    recipe = try folder.recipe().resolved(in: registries)
    let saved = try folder.checkpoint()
    var options = options
    var files = saved.files
    // A file that is named now is not looked for where another was.
    if let file = options.dataFile { files[file] = nil }
    options.output = path
    options.dataFile = options.dataFile ?? saved.dataFile
    self.options = options
    data = try recipe.prepare(
      folder: options.dataFolder, file: options.dataFile, learned: saved.learned, files: files)
    try saved.check(data)
    let model = try recipe.buildModel(for: data.task)
    state = try saved.state(of: model, recipe.stages)
    random = RandomSource(seed: recipe.seed)
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
        let scores = options.measuresWhenStopped ? try finalScores() : [:]
        return TrainingResult(model: state.model, history: state.history, scores: scores, isInterrupted: true)
      }
      state.enterNextStage()
      if state.stage < recipe.stages.count { try save(observer) }
    }
    state.isFinished = true
    let scores = try finalScores()
    try folder?.finish(state, recipe, data, scores, changes: changes)
    try save(observer)
    return TrainingResult(model: state.model, history: state.history, scores: scores, isInterrupted: false)
  }

  func save(_ observer: (TrainingEvent) throws -> Void) throws {
    guard let folder else { return }
    try folder.save(Checkpoint(data: data, dataFile: options.dataFile).encoded(state))
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
