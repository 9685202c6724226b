import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// The model of a run, read back from its folder.
///
/// ```swift
/// let run = try FinishedRun("runs/fonts-cnn", in: .standard)
/// let logits = run.model(try run.preprocessing(images))         // uint8[n, 36, 36, 1] to float32[n, 5]
/// ```
public struct FinishedRun: Sendable {
  /// The recipe it was trained by.
  public let recipe: ResolvedRecipe
  /// The model as it was saved last.
  public let model: Model
  /// Epochs done, over all stages.
  public var epochs: Int { history.count }
  /// What was measured in each epoch.
  public let history: [EpochRecord]
  /// What turns stored inputs into the model's, as the training rows taught it.
  public var preprocessing: Preprocessing {
    Preprocessing(recipe.transforms, dtype: recipe.dtype, learned: learned)
  }
  /// The features' names, in the order of the stored inputs' last axis; nil where they have none.
  public var featureNames: [String]? { saved.fields.schema?.featureNames }
  /// The target's name; nil without a target, or where it has no name.
  public var targetName: String? { saved.fields.schema?.targetName }
  /// The class names, in the order of the labels and of a classifier's outputs; nil where there are none.
  public var classNames: [String]? { saved.fields.schema?.classNames }
  /// How far the last stage has come: with it in their context, layers whose rate follows a schedule go on as they ended.
  public var progress: TrainingProgress {
    guard let stage = recipe.stages.last, let last = history.last, last.stage == stage.name else {
      return TrainingProgress()
    }
    return TrainingProgress(
      step: last.step, epoch: last.epoch, stepsPerEpoch: last.step / last.epoch, epochs: stage.settings.epochs)
  }
  private let saved: SavedCheckpoint
  private let edited: EditedRecipe
  private let learned: [NamedTensors]
  private let dataFolder: String?
  private var task: LearningTask { saved.fields.task }

  /// Reads a run's folder; its data are loaded when they are asked for.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - registries: where names are looked up.
  ///   - dataFolder: where data sets that are files lie, unless they are where the run found them;
  ///     `DataEnvironment.standardFolder` unless given.
  /// - Throws: where the folder holds no run, or its files are damaged.
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
  ///   - file: another file; nil takes the training's data.
  ///   - samples: how many draws of Monte Carlo inference to average; nil takes plain inference.
  /// - Returns: the scores by part.
  /// - Throws: where the data cannot be loaded, are not those of the training, or do not fit the model.
  public func scores(file: String? = nil, samples: Int? = nil) throws -> [String: Measurement] {
    try scoresAndNotes(file: file, samples: samples).scores
  }

  /// The scores as ``scores(file:samples:)`` gives them, and what was guessed or left out when the data were read, a sentence
  /// each.
  public func scoresAndNotes(
    file: String? = nil, samples: Int? = nil
  ) throws -> (scores: [String: Measurement], notes: [String]) {
    guard let stage = recipe.stages.last else { return ([:], []) }
    let (parts, notes) = try measuredParts(file: file)
    var scores: [String: Measurement] = [:]
    for (name, set) in parts {
      scores[name] = try stage.measure(
        model, on: set, classes: task.classes, samples: samples, progress: progress)
    }
    return (scores, notes)
  }

  /// The mean log-likelihood of the rows of each part, or of another file as `"test"`, as ``LikelihoodModel`` tells it.
  ///
  /// - Parameters:
  ///   - file: another file; nil takes the training's data.
  ///   - temperatures: how finely a normalizing constant is estimated that cannot be computed, at least 30.
  ///   - seed: of an estimate's random numbers.
  /// - Returns: the log-likelihoods by part.
  /// - Throws: ``ModelError`` where the model has none; otherwise as ``scores(file:samples:)``.
  public func logLikelihoods(
    file: String? = nil, temperatures: Int = 10_000, seed: UInt64 = 1
  ) throws -> [String: LogLikelihood] {
    guard let definition = recipe.model as? any LikelihoodModel else {
      throw ModelError("the model of '\(recipe.name)' is no distribution of its inputs; models that are: rbm")
    }
    let parts = try measuredParts(file: file).parts
    let found = try definition.logLikelihoods(
      model, of: parts.map(\.set), temperatures: temperatures, random: RandomSource(seed: seed)["likelihood"])
    return Dictionary(uniqueKeysWithValues: zip(parts.map(\.name), found))
  }

  /// What is measured, as the last stage sees it: the training's parts, or all rows of another file.
  private func measuredParts(file: String?) throws -> (parts: [(name: String, set: DataSet)], notes: [String]) {
    guard let stage = recipe.stages.last else { return ([], []) }
    func own() throws -> (parts: [(name: String, set: DataSet)], notes: [String]) {
      let data = try trainingData()
      return (try stage.view(of: data, through: model).parts, data.notes)
    }
    guard let file else { return try own() }
    if isOwn(file) {
      // A file that has other rows by now is measured as any other.
      do { return try own() } catch TrainingError.changedData {}
    }
    let set = try rows(of: file)
    let seen = try stage.settings.layer.map { set.passed(through: try model.part($0).before) } ?? set
    return ([("test", seen)], set.notes)
  }

  /// The rows of a file, read in the light of what the training's columns and classes mean, with inputs for the model.
  private func rows(of file: String) throws -> DataSet {
    var environment = DataEnvironment(folder: dataFolder, file: file)
    environment.schema = saved.fields.schema
    let stored = try recipe.load(environment)
    let trained = saved.fields.storedInput ?? stored.inputShape
    let changed = Result { try preprocessing(stored) }
    guard let set = try? changed.get(), set.inputShape == model.inputShape else {
      guard stored.inputShape == trained else {
        throw DataError(file, "its inputs are \(stored.inputShape), and the run was trained on inputs \(trained)")
      }
      throw DataError(
        file, "its inputs become \(try changed.get().inputShape), and the model takes \(model.inputShape)")
    }
    guard recipe.isMeasuredByTargets else { return set }
    guard let targets = set.targets else {
      let name = targetName.map { " '\($0)'" } ?? ""
      throw DataError(file, "it has no targets\(name), and a model is measured against them; add them to the file")
    }
    if let classes = task.classes {
      guard let labels = set.labels else {
        throw DataError(file, "its targets are values, and the run was trained on labels of \(classes) classes")
      }
      if let row = labels.scalars(as: Int.self).firstIndex(where: { $0 >= classes }) {
        throw DataError(
          file,
          "target of row \(row): the label \(Int(labels[row].item())) is none of the \(classes) classes, numbered "
            + "from 0, that the run was trained on; leave such rows out, or train a run with them")
      }
    } else if let shape = task.target, targets.shape.removing(axis: 0) != shape || set.labels != nil {
      let found = set.labels == nil ? "values \(targets.shape.removing(axis: 0))" : "labels"
      throw DataError(file, "its targets are \(found), and the run was trained on values \(shape)")
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

  /// The data it was trained on and measured with.
  private func trainingData() throws -> PreparedData {
    let data = try recipe.prepare(
      folder: dataFolder, file: saved.fields.dataFile, learned: learned, files: saved.fields.files,
      schema: saved.fields.schema)
    _ = try saved.check(data, edited)
    return data
  }

  /// The least and the greatest number of the training rows' inputs as they are stored: what is black and white in a
  /// picture of examples, such as 0 and 255.
  ///
  /// Throws where the run was saved before runs kept it, and the data cannot be loaded.
  public func inputRange() throws -> ClosedRange<Double> { try saved.fields.inputRange ?? trainingData().inputRange }

  /// Examples that the model draws of its own, as ``GenerativeModel`` says, in the units and the shape of the stored data.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - part: `"test"`: the chains begin at rows of this part, again at the first after the last; nil begins at random.
  ///   - steps: how long each chain runs before it is looked at.
  ///   - seed: of the random numbers.
  ///   - units: ``ExampleUnits/stored`` unless given.
  /// - Returns: [count] + the shape of a stored input, of the recipe's precision; with ``ExampleUnits/model``
  ///   [count] + the model's input shape.
  /// - Throws: ``ModelError`` where the model draws none, or a transform has no inverse and units of the stored data are
  ///   asked for; where the data cannot be loaded or have no such rows.
  public func samples(
    count: Int, from part: String?, steps: Int, seed: UInt64, units: ExampleUnits = .stored
  ) throws -> Tensor {
    guard let definition = recipe.model as? any GenerativeModel else {
      throw ModelError("the model of '\(recipe.name)' draws no examples of its own; models that do: rbm, dbn")
    }
    let start = try part.map { part in
      let rows = try trainingData().parts.first { $0.name == part }?.set
      guard let rows, rows.count > 0 else {
        throw DataError(recipe.name, "no \(part) rows for chains to begin at; begin them elsewhere, or at random")
      }
      return rows.subset((0..<count).map { $0 * max(1, rows.count / count) % rows.count }).inputs
    }
    let drawn = try definition.samples(
      model, count: count, from: start, steps: steps, random: RandomSource(seed: seed)["samples"])
    guard units == .stored else { return drawn }
    guard let stored = try preprocessing.inverse(drawn) else {
      throw ModelError(
        "a transform of '\(recipe.name)' has no inverse to give examples in the units of the stored data; ask for those of "
          + "the model (units: .model, --units model)")
    }
    return stored
  }
}
