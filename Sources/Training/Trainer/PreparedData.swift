import AviaryCore
import AviaryData
import AviaryFormats

/// The parts of a data set, transformed: what a training sees.
public struct PreparedData: Sendable {
  /// The set's name: that of the recipe's set, or of the file that was read in its place.
  public let name: String
  /// Rows to learn from.
  public let train: DataSet
  /// Rows to decide by; empty where there are none.
  public let validation: DataSet
  /// Rows to judge by; empty where there are none.
  public let test: DataSet
  /// The transforms, with what they learned of the training rows.
  public let preprocessing: Preprocessing
  /// The least and the greatest number of the training rows' inputs as they are stored.
  public let inputRange: ClosedRange<Double>
  /// The absolute paths of the files and folders that were read, by what the recipe calls them: a run remembers them.
  public internal(set) var files: [String: String]
  /// The shapes at both ends.
  public let task: LearningTask
  /// The names of features, target and classes, by which later files are read.
  public let schema: DataSchema
  /// What was guessed or left out when the set was read, a sentence each.
  public let notes: [String]
  /// The shape of a stored input.
  let storedInput: Shape
  /// Of each part, what tells its stored rows from others.
  let digests: [String]

  /// The parts that have rows, by name.
  public var parts: [(name: String, set: DataSet)] {
    [("train", train), ("validation", validation), ("test", test)].filter { $0.set.count > 0 }
  }

  /// How many rows a stage trains on.
  public func rowCount(of stage: Stage) -> Int {
    parts.reduce(0) { $0 + (stage.settings.rows.contains($1.name) ? $1.set.count : 0) }
  }

  /// How many rows each part has.
  var rows: [Int] { [train.count, validation.count, test.count] }
}

extension ResolvedRecipe {
  /// Loads, parts and transforms the data.
  ///
  /// - Parameters:
  ///   - folder: where data sets that are files lie; `DataEnvironment.standardFolder` unless given.
  ///   - file: a file in place of the data set's own.
  ///   - learned: what the transforms learned earlier; nil fits them to the training rows.
  ///   - files: where files were found earlier, as ``PreparedData/files``; the first place to look.
  ///   - schema: what columns and classes meant earlier, as ``PreparedData/schema``.
  /// - Returns: the parts, ready for training.
  /// - Throws: `DataError` where the data cannot be read or are not what the recipe asks for.
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
    let partition = try split.partition(set, in: environment)
    guard !partition.train.isEmpty else { throw TrainingError.noRows(set.name, part: "train") }
    let (train, validation, test) = (
      set.subset(partition.train), set.subset(partition.validation), set.subset(partition.test)
    )
    let (schema, classes, storedInput) = (set.schema, set.classes, set.inputShape)
    let (isLabelled, target) = (set.targets?.dtype == .int64, set.targets.map { $0.shape.removing(axis: 0) })
    // The parts have copies of the rows: from here on these alone take memory.
    (set.inputs, set.targets) = (Tensor.zeros([0]), nil)
    Memory.releaseUnused()
    defer { Memory.releaseUnused() }
    let preprocessing = try preprocessing(learned, or: train.inputs)
    let changed = try preprocessing(train)
    let task = LearningTask(
      input: changed.inputShape, classes: isLabelled ? classes : nil, target: isLabelled ? nil : target)
    return PreparedData(
      name: set.name, train: changed, validation: try preprocessing(validation), test: try preprocessing(test),
      preprocessing: preprocessing, inputRange: train.inputs.bounds, files: found.paths, task: task,
      schema: schema, notes: set.notes + unknownClassNotes(train, [("validation", validation), ("test", test)]),
      storedInput: storedInput,
      digests: [train, validation, test].map(\.digest))
  }

  /// Notes of classes that rows to judge by have, and no row to learn from.
  private func unknownClassNotes(_ train: DataSet, _ others: [(name: String, set: DataSet)]) -> [String] {
    let known = Set(train.labels?.scalars(as: Int.self) ?? [])
    return others.compactMap { part, set in
      let labels = (set.labels?.scalars(as: Int.self) ?? []).filter { !known.contains($0) }
      guard !labels.isEmpty else { return nil }
      let names = Set(labels).sorted().map { label in "'\(set.classNames?[label] ?? "\(label)")'" }
      let classes = names.count == 1 ? "the class \(names[0])" : "the classes \(names.listed(atMost: 10))"
      return "no training row has \(classes), as \(labels.count) \(part) row\(labels.count == 1 ? "" : "s") do"
    }
  }

  /// All rows, as they are stored.
  func load(_ environment: DataEnvironment) throws -> DataSet {
    var environment = environment
    environment.random = RandomSource(seed: seed)["data"]
    environment.targetKind = targetKind
    return try data.load(environment).validated()
  }

  private func preprocessing(_ learned: [NamedTensors]?, or inputs: Tensor) throws -> Preprocessing {
    try learned.map { Preprocessing(transforms, dtype: dtype, learned: $0) }
      ?? Preprocessing(transforms, dtype: dtype, fittedTo: inputs)
  }
}

extension DataSet {
  /// What tells the rows from others: type, shape and checksum of inputs and targets.
  fileprivate var digest: String {
    [inputs, targets].compactMap { $0 }.map { "\($0.spec) \($0.withBytes { Checksum.crc32($0) })" }
      .joined(separator: ", ")
  }
}

extension Tensor {
  /// The least and the greatest element, of which there is at least one, and none that is NaN.
  fileprivate var bounds: ClosedRange<Double> {
    let numbers = dtype.isDifferentiable || dtype.isInteger ? self : cast(to: .float32)
    let (least, greatest) = (numbers.min().item(), numbers.max().item())
    return least...Swift.max(least, greatest)
  }
}
