import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// The contents of a checkpoint's metadata, with each number checked against its range.
struct CheckpointFields {
  /// The recipe with every default written out; nil in checkpoints that predate it.
  let recipe: ConfigurationValue?
  let stage: Int
  let epoch: Int
  let batch: Int
  let step: Int
  let isFinished: Bool
  /// The file given instead of the data set's own.
  let dataFile: String?
  /// The paths of files and folders of data by their names in the recipe; empty in checkpoints that predate it.
  let files: [String: String]
  /// The meaning of columns and classes; nil in checkpoints that predate it.
  let schema: DataSchema?
  /// The number of rows of each part.
  let rows: [Int]
  /// The digests of each part's rows; nil in checkpoints that predate them.
  let digests: [String]?
  /// The minimum and maximum of the training rows' stored inputs; nil in checkpoints that predate it.
  let inputRange: ClosedRange<Double>?
  /// The shape of a stored input; nil in checkpoints that predate it.
  let storedInput: Shape?
  /// The task the model was built for.
  let task: LearningTask
  let optimizerStep: Int
  let optimizerNumbers: [String: Double]
  let means: [MetricMean]
  let history: [EpochRecord]
  /// Warnings by stage; empty in checkpoints that predate them.
  let warnings: [String: String]

  /// The largest count allowed in a checkpoint, so that sums and products of a few counts do not overflow.
  static let greatest = 1 << 40

  init(_ document: ConfigurationValue, source: String) throws {
    let reader = CheckpointReader(document: document, source: source)
    recipe = try reader.optional("recipe") { $0.objectValue.map { .object($0) } }
    stage = try reader.natural("stage")
    epoch = try reader.natural("epoch")
    batch = try reader.natural("batch")
    step = try reader.natural("step")
    isFinished = try reader.optional("isFinished", \.booleanValue) ?? false
    dataFile = try reader.optional("dataFile", \.stringValue)
    warnings = try reader.optional("warnings") { $0.members(\.stringValue) } ?? [:]
    files = try reader.optional("files") { $0.members(\.stringValue) } ?? [:]
    schema = try reader.optional("schema") { try reader.schema($0) }
    rows = try reader.list("rows") { try reader.natural($0, "rows") }
    digests = try reader.optional("digests", \.strings)
    inputRange = try reader.optional("inputRange") { value in
      let bounds = (value.arrayValue ?? []).compactMap(Checkpoint.double)
      guard bounds.count == 2, bounds[0] <= bounds[1], bounds.allSatisfy(\.isFinite) else { return nil }
      return bounds[0]...bounds[1]
    }
    storedInput = try reader.shape("storedInput")
    guard let input = try reader.shape("input") else { throw reader.wrong("input") }
    let classes = try reader.optional("classes") { try reader.natural($0, "classes") }
    var task = LearningTask(input: input, classes: classes, target: try reader.shape("target"))
    task.stepsVary = try reader.optional("stepsVary", \.booleanValue) ?? false
    task.labelsSteps = try reader.optional("labelsSteps", \.booleanValue) ?? false
    task.symbols = try reader.optional("symbols") { try reader.natural($0, "symbols") }
    for (name, value) in document["furtherInputs"]?.objectValue ?? [:] {
      let own = CheckpointReader(document: value, source: source)
      guard let shape = try own.shape("shape"), let varies = value["stepsVary"]?.booleanValue else {
        throw reader.wrong("furtherInputs")
      }
      task.furtherInputs[name] = InputShape(
        shape, stepsVary: varies, symbols: try own.optional("symbols") { try own.natural($0, "symbols") })
    }
    self.task = task
    optimizerStep = try reader.natural("optimizerStep")
    optimizerNumbers = try reader.doubles(document["optimizerNumbers"], "optimizerNumbers")
    means = try reader.list("means") { pair in
      guard let sum = Checkpoint.double(pair[0]) else { throw reader.wrong("means") }
      return MetricMean(sum: sum, count: try reader.natural(pair[1], "means"))
    }
    history = try reader.list("history") { record in
      guard let stage = record["stage"]?.stringValue else { throw reader.wrong("history") }
      return EpochRecord(
        stage: stage, epoch: try reader.natural(record["epoch"], "history"),
        step: try reader.natural(record["step"], "history"), values: try reader.doubles(record["values"], "history"))
    }
    try check(reader)
  }

  /// Whether an optimizer can have kept a number: counts are whole and at most the number of steps, and of the others only
  /// slopes may be negative.
  private func isPossible(_ name: String, _ value: Double) -> Bool {
    guard value.isFinite else { return false }
    switch name.split(separator: ".").last {
    case "step", "next", "pairs": return value >= 0 && value <= Double(step) && value == value.rounded()
    case "damping", "radius", "stepSize", "momentumProduct", "scale": return value >= 0
    default: return true
    }
  }

  /// Throws if numbers contradict each other.
  private func check(_ reader: CheckpointReader) throws {
    guard rows.count == 3, rows[0] > 0 else { throw reader.wrong("rows") }
    guard digests.map({ $0.count == 3 }) != false else { throw reader.wrong("digests") }
    guard optimizerNumbers.allSatisfy(isPossible) else { throw reader.wrong("optimizerNumbers") }
    guard let classes = task.classes else { return }
    // The largest number of classes that labels may have; see the validation of a data set.
    let most = schema?.classNames?.count ?? max(1024, rows.reduce(0, +))
    guard classes > 0, classes <= most, task.target == nil else { throw reader.wrong("classes") }
  }
}

/// Reads a checkpoint's metadata key by key; errors name the key.
struct CheckpointReader {
  let document: ConfigurationValue
  let source: String

  func wrong(_ key: String) -> TrainingError {
    .checkpoint(
      source, "its metadata '\(Checkpoint.key)' is invalid: '\(key)' is missing or out of range")
  }

  /// Reads a value that may be missing or null; throws if `read` returns nil for it.
  func optional<Value>(_ key: String, _ read: (ConfigurationValue) throws -> Value?) throws -> Value? {
    guard let value = document[key], value != .null else { return nil }
    guard let result = try read(value) else { throw wrong(key) }
    return result
  }

  func natural(_ key: String) throws -> Int { try natural(document[key], key) }

  func natural(_ value: ConfigurationValue?, _ key: String) throws -> Int {
    guard let number = value?.integerValue, 0...CheckpointFields.greatest ~= number else { throw wrong(key) }
    return number
  }

  func list<Element>(_ key: String, _ read: (ConfigurationValue) throws -> Element) throws -> [Element] {
    guard let list = document[key]?.arrayValue else { throw wrong(key) }
    return try list.map(read)
  }

  /// A shape with at least one element, and no more than fit in memory.
  func shape(_ key: String) throws -> Shape? {
    try optional(key) { value in
      guard let sizes = try value.arrayValue?.map({ try natural($0, key) }), sizes.count < 8 else { return nil }
      var count = 1
      for size in sizes {
        guard size > 0, count <= CheckpointFields.greatest / size else { return nil }
        count *= size
      }
      return Shape(sizes)
    }
  }

  func doubles(_ value: ConfigurationValue?, _ key: String) throws -> [String: Double] {
    guard let numbers = value?.members(Checkpoint.double) else { throw wrong(key) }
    return numbers
  }

  func schema(_ value: ConfigurationValue) throws -> DataSchema? {
    guard value.objectValue != nil else { return nil }
    let reader = CheckpointReader(document: value, source: source)
    let kind = try reader.optional("targetKind") { TargetKind(rawValue: $0.stringValue ?? "") }
    let classNames = try reader.optional("classNames", \.strings)
    guard kind != .automatic, Set(classNames ?? []).count == classNames?.count ?? 0 else { return nil }
    return DataSchema(
      featureNames: try reader.optional("featureNames", \.strings),
      targetName: try reader.optional("targetName", \.stringValue), classNames: classNames, targetKind: kind)
  }
}

extension ConfigurationValue {
  /// A list of strings; nil if it is not one.
  fileprivate var strings: [String]? {
    guard let list = arrayValue else { return nil }
    let texts = list.compactMap(\.stringValue)
    return texts.count == list.count ? texts : nil
  }

  /// An object with each value read; nil if one cannot be.
  fileprivate func members<Value>(_ read: (ConfigurationValue) -> Value?) -> [String: Value]? {
    guard let object = objectValue else { return nil }
    var values: [String: Value] = [:]
    for (name, value) in object {
      guard let value = read(value) else { return nil }
      values[name] = value
    }
    return values
  }
}
