import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// The model of a run, loaded from its folder.
///
/// ```swift
/// let run = try FinishedRun("runs/fonts-cnn", in: .standard)
/// let logits = run.model(try run.preprocessing(images))         // uint8[n, 36, 36, 1] to float32[n, 5]
/// ```
public struct FinishedRun: Sendable {
  /// The recipe of the run.
  public let recipe: ResolvedRecipe
  /// The model as last saved.
  public let model: Model
  /// The number of epochs, over all stages.
  public var epochs: Int { history.count }
  /// The scores of each epoch.
  public let history: [EpochRecord]
  /// Turns stored inputs into the model's inputs, as fitted to the training rows.
  public var preprocessing: Preprocessing {
    Preprocessing(recipe.transforms, dtype: recipe.dtype, learned: learned)
  }
  /// The feature names, in the order of the stored inputs' last axis; nil if they have none.
  public var featureNames: [String]? { saved.fields.schema?.featureNames }
  /// The target's name; nil without a target or name.
  public var targetName: String? { saved.fields.schema?.targetName }
  /// The class names, in the order of the labels and of a classifier's outputs; nil if there are none.
  public var classNames: [String]? { saved.fields.schema?.classNames }
  /// The progress of the last stage. With it in their context, layers whose rate follows a schedule use the final rate.
  public var progress: TrainingProgress {
    guard let stage = recipe.stages.last, let last = history.last, last.stage == stage.name else {
      return TrainingProgress()
    }
    return TrainingProgress(
      step: last.step, epoch: last.epoch, stepsPerEpoch: last.step / last.epoch, epochs: stage.settings.epochs)
  }
  let saved: SavedCheckpoint
  private let edited: EditedRecipe
  private let learned: [NamedTensors]
  private let dataFolder: String?
  var task: LearningTask { saved.fields.task }

  /// Loads a run's folder; its data is loaded on demand.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - registries: the registries to look up names in.
  ///   - dataFolder: the folder of file-based data sets, unless they are where the run found them; default:
  ///     `DataEnvironment.standardFolder`.
  /// - Throws: if the folder holds no run, or its files are damaged.
  public init(_ path: String, in registries: Registries, dataFolder: String? = nil) throws {
    let folder = try RunFolder(existing: path)
    recipe = try folder.recipe().resolved(in: registries)
    saved = try folder.checkpoint()
    edited = try EditedRecipe(recipe, of: saved, folder: path, in: registries)
    learned = try saved.learned(by: recipe)
    try saved.checkHistory(recipe.stages)
    history = saved.fields.history
    model = try saved.restored(recipe.buildModel(for: saved.fields.task))
    self.dataFolder = dataFolder
  }

  /// The scores by part, as at the end of the training; for another file, the score on all its rows as `"test"`.
  ///
  /// - Parameters:
  ///   - file: another file; nil for the run's data.
  ///   - samples: the number of Monte Carlo draws to average; nil for plain inference.
  /// - Returns: the scores by part.
  /// - Throws: if the data cannot be loaded, is not the data of the training, or does not fit the model.
  public func scores(file: String? = nil, samples: Int? = nil) throws -> [String: Measurement] {
    try scoresAndNotes(file: file, samples: samples).scores
  }

  /// The scores as in ``scores(file:samples:)``, and notes on what was guessed or skipped in reading the data, one
  /// sentence each.
  public func scoresAndNotes(
    file: String? = nil, samples: Int? = nil
  ) throws -> (scores: [String: Measurement], notes: [String]) {
    guard let stage = recipe.stages.last else { return ([:], []) }
    var (parts, notes) = try measuredParts(file: file)
    let fields = saved.fields
    if fields.stage < recipe.stages.count, !fields.isFinished || fields.stage < recipe.stages.count - 1 {
      notes.append(
        "the run is not finished: measured as saved after \(fields.epoch) epoch\(fields.epoch == 1 ? "" : "s") of the stage "
          + "'\(recipe.stages[fields.stage].name)'")
    }
    var scores: [String: Measurement] = [:]
    for (name, set) in parts {
      scores[name] = try stage.finalScores(
        model, on: set, classes: task.classes, samples: samples, progress: progress)
    }
    return (scores, notes)
  }

  /// The mean log-likelihood of each part's rows, or of another file's as `"test"`; see ``LikelihoodModel``.
  ///
  /// - Parameters:
  ///   - file: another file; nil for the run's data.
  ///   - temperatures: the number of temperatures for estimating an intractable normalizing constant, at least 30.
  ///   - seed: seed of an estimate's random numbers.
  /// - Returns: the log-likelihoods by part.
  /// - Throws: ``ModelError`` if the model has none; otherwise as ``scores(file:samples:)``.
  public func logLikelihoods(
    file: String? = nil, temperatures: Int = 10_000, seed: UInt64 = 1
  ) throws -> [String: LogLikelihood] {
    guard let definition = recipe.model as? any LikelihoodModel else {
      throw ModelError("the model of '\(recipe.name)' has no likelihood; models with one: rbm")
    }
    let parts = try measuredParts(file: file).parts
    let found = try definition.logLikelihoods(
      model, of: parts.map(\.set), temperatures: temperatures, random: RandomSource(seed: seed)["likelihood"])
    return Dictionary(uniqueKeysWithValues: zip(parts.map(\.name), found))
  }

  /// The sets to evaluate, as the last stage sees them: the run's parts, or all rows of another file.
  private func measuredParts(file: String?) throws -> (parts: [(name: String, set: DataSet)], notes: [String]) {
    guard let stage = recipe.stages.last else { return ([], []) }
    func own() throws -> (parts: [(name: String, set: DataSet)], notes: [String]) {
      let data = try trainingData()
      return (try stage.view(of: data, through: model).parts, data.notes)
    }
    guard let file else { return try own() }
    if isOwn(file) {
      // The run's own file with other rows counts as another file.
      do { return try own() } catch TrainingError.changedData {}
    }
    let set = try rows(of: file)
    let seen = try stage.settings.layer.map { try set.passed(through: try model.part($0).before) } ?? set
    return ([("test", seen)], set.notes)
  }

  /// Where to read a file with the columns and classes of the training; nil reads the run's own.
  func environment(file: String?) -> DataEnvironment {
    var environment = DataEnvironment(folder: dataFolder, file: file ?? saved.fields.dataFile)
    environment.schema = saved.fields.schema
    if file == nil { environment.known = saved.fields.files }
    return environment
  }

  /// The rows of a file as inputs of the model, read with the columns and classes of the training.
  private func rows(of file: String) throws -> DataSet {
    let stored = try recipe.load(environment(file: file))
    if stored.lengths != nil, !task.stepsVary {
      throw DataError(
        file,
        "its sequences differ in length, but the run was trained on sequences of \(model.inputShape[0]) steps each")
    }
    let trained = saved.fields.storedInput ?? stored.inputShape
    let changed = Result { try preprocessing(stored) }
    let fixed = task.stepsVary ? 1 : 0
    guard let set = try? changed.get(), set.inputShape.dropFirst(fixed).elementsEqual(model.inputShape.dropFirst(fixed))
    else {
      guard stored.inputShape.dropFirst(fixed).elementsEqual(trained.dropFirst(fixed)) else {
        throw DataError(file, "its inputs are \(stored.inputShape), but the run was trained on inputs \(trained)")
      }
      throw DataError(
        file, "its inputs become \(try changed.get().inputShape), but the model takes \(model.inputShape)")
    }
    guard recipe.isMeasuredByTargets else { return set }
    guard let targets = set.targets else {
      let name = targetName.map { " '\($0)'" } ?? ""
      throw DataError(file, "it has no targets\(name), which scores need; add them to the file")
    }
    if let classes = task.classes {
      guard let labels = set.labels else {
        throw DataError(file, "its targets are values, but the run was trained on labels of \(classes) classes")
      }
      if let row = labels.scalars(as: Int.self).firstIndex(where: { $0 >= classes }) {
        throw DataError(
          file,
          "target of row \(row): the label \(Int(labels[row].item())) is not one of the \(classes) classes, numbered "
            + "from 0, of the training; remove such rows, or train a run with them")
      }
    } else if let shape = task.target, targets.shape.removing(axis: 0) != shape || set.labels != nil {
      let found = set.labels == nil ? "values \(targets.shape.removing(axis: 0))" : "labels"
      throw DataError(file, "its targets are \(found), but the run was trained on values \(shape)")
    }
    return set
  }

  /// Whether the run was trained on this file.
  private func isOwn(_ file: String) -> Bool {
    let files = saved.fields.files
    guard !files.isEmpty, let path = DataEnvironment(folder: dataFolder).path(of: file) else {
      return file == saved.fields.dataFile
    }
    return files.values.contains(path)
  }

  /// The data of the training.
  func trainingData() throws -> PreparedData {
    let data = try recipe.prepare(
      folder: dataFolder, file: saved.fields.dataFile, learned: learned, files: saved.fields.files,
      schema: saved.fields.schema)
    _ = try saved.check(data, edited, remedy: "measure the rows that a file has now: --data FILE")
    return data
  }

  /// The minimum and maximum of the training rows' stored inputs, such as 0 and 255: black and white in pictures of
  /// samples.
  ///
  /// Throws if the run was saved by an earlier release without them and the data cannot be loaded.
  public func inputRange() throws -> ClosedRange<Double> { try saved.fields.inputRange ?? trainingData().inputRange }

  /// Samples drawn by the model, in the units and shape of the stored data; see ``GenerativeModel``.
  ///
  /// - Parameters:
  ///   - count: the number of samples.
  ///   - part: the chains start at rows of this part, such as `"test"`, cycling through them; nil starts at random.
  ///   - steps: the length of each chain.
  ///   - seed: seed of the random numbers.
  ///   - units: default: ``ExampleUnits/stored``.
  /// - Returns: [count] + the shape of a stored input, in the recipe's precision; with ``ExampleUnits/model`` [count] +
  ///   the model's input shape.
  /// - Throws: ``ModelError`` if the model draws no samples, or stored units need the inverse of a transform that has
  ///   none; also if the data cannot be loaded or has no such rows.
  public func samples(
    count: Int, from part: String?, steps: Int, seed: UInt64, units: ExampleUnits = .stored
  ) throws -> Tensor {
    guard let definition = recipe.model as? any GenerativeModel else {
      throw ModelError(
        "the model of '\(recipe.name)' cannot draw samples; models that can: rbm, dbn, "
          + "variational-autoencoder, and character-model, which writes text")
    }
    let start = try part.map { part in
      let rows = try trainingData().parts.first { $0.name == part }?.set
      guard let rows, rows.count > 0 else {
        throw DataError(recipe.name, "no \(part) rows to start the chains at; start them elsewhere, or at random")
      }
      return rows.subset((0..<count).map { $0 * max(1, rows.count / count) % rows.count }).inputs
    }
    let drawn = try definition.samples(
      model, count: count, from: start, steps: steps, random: RandomSource(seed: seed)["samples"])
    guard units == .stored else { return drawn }
    guard let stored = try preprocessing.inverse(drawn) else {
      throw ModelError(
        "a transform of '\(recipe.name)' has no inverse, so samples have no stored units; use "
          + "the model's (units: .model, --units model)")
    }
    return stored
  }
}
