import AviaryCore
import AviaryData
import AviaryFormats

/// The parts of a data set after the transforms, as a training sees them.
public struct PreparedData: Sendable {
  /// The name of the recipe's data set, or of the file read instead.
  public let name: String
  /// The training rows.
  public let train: DataSet
  /// The validation rows; may be empty.
  public let validation: DataSet
  /// The test rows; may be empty.
  public let test: DataSet
  /// The transforms, fitted to the training rows.
  public let preprocessing: Preprocessing
  /// The minimum and maximum of the training rows' stored inputs.
  public let inputRange: ClosedRange<Double>
  /// The absolute paths of the files and folders that were read, by their names in the recipe; recorded by a run.
  public internal(set) var files: [String: String]
  /// The shapes of inputs and targets.
  public let task: LearningTask
  /// The names of features, target and classes, used to read later files.
  public let schema: DataSchema
  /// Notes on what was guessed or skipped in reading the set, one sentence each.
  public let notes: [String]
  let storedInput: Shape
  /// The digests of each part's stored rows.
  let digests: [String]

  /// The non-empty parts by name.
  public var parts: [(name: String, set: DataSet)] {
    [("train", train), ("validation", validation), ("test", test)].filter { $0.set.count > 0 }
  }

  /// The number of rows a stage trains on.
  public func rowCount(of stage: Stage) -> Int {
    parts.reduce(0) { $0 + (stage.settings.rows.contains($1.name) ? $1.set.count : 0) }
  }

  /// The number of rows in each part.
  var rows: [Int] { [train.count, validation.count, test.count] }
}

extension ResolvedRecipe {
  /// Loads, splits and transforms the data.
  ///
  /// - Parameters:
  ///   - folder: the folder of file-based data sets; default: `DataEnvironment.standardFolder`.
  ///   - file: a file to read instead of the data set's own.
  ///   - learned: the fitted values of the transforms; nil fits them to the training rows.
  ///   - files: known paths of files, as in ``PreparedData/files``; the first place to look.
  ///   - schema: the known meaning of columns and classes, as in ``PreparedData/schema``.
  /// - Returns: the parts, ready for training.
  /// - Throws: `DataError` if the data cannot be read or does not suit the recipe.
  public func prepare(
    folder: String? = nil, file: String? = nil, learned: [NamedTensors]? = nil, files: [String: String] = [:],
    schema: DataSchema? = nil
  ) throws -> PreparedData {
    let found = FoundFiles()
    var environment = DataEnvironment(folder: folder, file: file)
    (environment.recipeFolder, environment.found, environment.schema) = (self.folder, found, schema)
    environment.known = self.files.merging(files) { $1 }
    var set = try load(environment)
    (environment.file, environment.random) = (nil, RandomSource(seed: seed)["split"])
    if set.targets == nil, let name = schema?.targetName {
      throw DataError(set.name, "it has no targets '\(name)', which the run was trained on; add them to the file")
    }
    let partition = try split.partition(set, in: environment)
    guard !partition.train.isEmpty else { throw TrainingError.noRows(set.name, part: "train") }
    let (train, validation, test) = (
      set.subset(partition.train), set.subset(partition.validation), set.subset(partition.test)
    )
    let (schema, classes, storedInput) = (set.schema, set.classes, set.inputShape)
    var notes = set.notes + unknownClassNotes(train, [("validation", validation), ("test", test)])
    if learned == nil { notes += partNotes(set) }
    // The parts have copies of the rows: from here on only these take memory.
    (set.inputs, set.targets, set.furtherInputs, set.forecast) = (Tensor.zeros([0]), nil, [:], nil)
    Memory.releaseUnused()
    defer { Memory.releaseUnused() }
    let preprocessing = try preprocessing(learned, or: train.inputsToLearnFrom)
    let changed = try preprocessing(train)
    if learned == nil { notes += train.inputNotes(prepared: changed.inputs) + train.targetNotes(dtype) }
    let task = LearningTask(changed, classes: classes)
    return PreparedData(
      name: set.name, train: changed, validation: try preprocessing(validation), test: try preprocessing(test),
      preprocessing: preprocessing, inputRange: train.inputs.bounds, files: found.paths, task: task,
      schema: schema, notes: notes, storedInput: storedInput,
      digests: [train, validation, test].map(\.digest))
  }

  /// Notes on classes that validation or test rows have but no training row has.
  private func unknownClassNotes(_ train: DataSet, _ others: [(name: String, set: DataSet)]) -> [String] {
    let known = Set(train.labels?.scalars(as: Int.self) ?? [])
    return others.compactMap { part, set in
      let labels = (set.labels?.scalars(as: Int.self) ?? []).filter { !known.contains($0) }
      guard !labels.isEmpty else { return nil }
      let names = Set(labels).sorted().map { label in "'\(set.classNames?[label] ?? "\(label)")'" }
      let classes = names.count == 1 ? "the class \(names[0])" : "the classes \(names.listed(atMost: 10))"
      return "no training row has \(classes), as \(labels.count) \(part) row\(labels.count == 1 ? " does" : "s do")"
    }
  }

  /// A note if rows that the set's makers separated are divided again.
  private func partNotes(_ set: DataSet) -> [String] {
    guard set.parts.count > 1,
      let name = (split as? StratifiedSplit).map({ _ in StratifiedSplit.name })
        ?? (split as? FractionSplit).map({ _ in FractionSplit.name })
    else { return [] }
    let parts = ["train", "validation", "test"].filter { set.parts[$0] != nil }.joined(separator: ", ")
    return [
      "the set's own parts (\(parts)) are joined and divided again by the split '\(name)'; --set split=given keeps them"
    ]
  }

  /// All rows as stored.
  func load(_ environment: DataEnvironment) throws -> DataSet {
    try loaded(environment) { try data.load($0).validated() }
  }

  /// What `body` loads with the recipe's random numbers and kind of targets.
  func loaded(_ environment: DataEnvironment, _ body: (DataEnvironment) throws -> DataSet) rethrows -> DataSet {
    var environment = environment
    environment.random = RandomSource(seed: seed)["data"]
    environment.targetKind = targetKind
    return try body(environment)
  }

  private func preprocessing(_ learned: [NamedTensors]?, or inputs: Tensor) throws -> Preprocessing {
    try learned.map { Preprocessing(transforms, dtype: dtype, learned: $0) }
      ?? Preprocessing(transforms, dtype: dtype, fittedTo: inputs)
  }
}

extension DataSet {
  /// A digest of the rows: type, shape and checksum of inputs and targets.
  fileprivate var digest: String {
    func lengthsTensor(_ lengths: [Int]?) -> Tensor? { lengths.map { Tensor($0, shape: [$0.count]) } }
    let further = furtherInputs.sorted { $0.key < $1.key }.flatMap {
      [$0.value.values, lengthsTensor($0.value.lengths)]
    }
    return ([inputs, targets, lengthsTensor(lengths)] + further).compactMap { $0 }
      .map { "\($0.spec) \($0.withBytes { Checksum.crc32($0) })" }.joined(separator: ", ")
  }

  /// The inputs without padding: of sequences of different lengths the steps, one after another.
  fileprivate var inputsToLearnFrom: Tensor {
    lengths.map { StepRows(lengths: $0, steps: inputs.shape[1]).rows(of: inputs) } ?? inputs
  }
}

extension Tensor {
  /// The minimum and maximum of at least one element, none of them NaN.
  fileprivate var bounds: ClosedRange<Double> {
    let numbers = dtype.isDifferentiable || dtype.isInteger ? self : cast(to: .float32)
    let (least, greatest) = (numbers.min().item(), numbers.max().item())
    return least...Swift.max(least, greatest)
  }
}
