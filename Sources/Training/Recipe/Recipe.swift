import AviaryFormats
import AviaryRegistry

/// The description of a training: data, model, optimizer, duration. It is read from a file, changed by path, and saved
/// with every run.
///
/// ```json
/// {
///   "version": 1,
///   "name": "fonts-mlp",
///   "data": "fonts",
///   "split": {"name": "stratified", "test": 0.2},
///   "transforms": [{"name": "scale", "divisor": 255}],
///   "model": {"name": "mlp", "units": [128, 32]},
///   "optimizer": {"name": "adam", "learningRate": 0.001},
///   "epochs": 20,
///   "stages": {"train": {"batchSize": 64}}
/// }
/// ```
///
/// ``StageSettings`` at the top level apply to every stage, those under `stages` to one stage. `stages` is an object
/// that changes stages proposed by the model, or a list of objects with a `name` that replaces the proposals. Later
/// layers win: defaults, the model's proposal, the top level, `stages`.
public struct Recipe: Sendable, Equatable {
  /// The document as read, with the changes made since.
  public private(set) var document: ConfigurationValue
  /// The file to name in errors, which otherwise begin with the recipe's name.
  public let source: String?
  /// The folder of the recipe's file, where relative data paths are also looked for; nil if it was not read from a
  /// file, or from one in the current folder.
  public let folder: String?

  public init(_ document: ConfigurationValue, source: String? = nil, folder: String? = nil) {
    self.document = document
    self.source = source
    self.folder = folder
  }

  /// Reads a recipe from JSON text. Throws `ConfigurationSyntaxError`.
  public init(parsing text: String, source: String? = nil) throws {
    try self.init(parsing: Array(text.utf8), source: source)
  }

  /// Reads a recipe from the bytes of JSON text. Throws `ConfigurationSyntaxError`.
  public init(parsing bytes: [UInt8], source: String? = nil) throws {
    self.init(try ConfigurationValue(parsing: bytes, source: source), source: source)
  }

  /// Reads a recipe from a file. Throws `FormatError` if it cannot be read, `ConfigurationSyntaxError` if it is not
  /// JSON.
  public init(contentsOf path: String) throws {
    let bytes = try FileBytes.read(path, maximumByteCount: 1 << 24)
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    self.init(try ConfigurationValue(parsing: bytes, source: path), source: path, folder: folder)
  }

  /// Absolute paths of the recipe's files by name, as recorded by a run in its recipe. The first place to look for a
  /// file.
  public var files: [String: String] {
    (document["files"]?.objectValue ?? [:]).reduce(into: [:]) { files, entry in
      files[entry.key] = entry.value.stringValue
    }
  }

  /// Changes the recipe by an argument `path=value`, such as `stages.finetune.optimizer.name=adam`. The value is read
  /// as JSON, or as a string if it is not JSON and does not begin with a brace or bracket.
  ///
  /// Throws `ConfigurationError` if the argument lacks `=` or a path, a value that begins with a brace or bracket is
  /// not JSON, or the path leads through a number or past a list's end.
  public mutating func set(_ argument: String) throws {
    let change = try RecipeSetting(argument)
    try set(change.path, to: change.value)
  }

  /// Changes the value at a path like `ConfigurationValue.set(path:to:)`, except that the recipe's own name is a plain
  /// string.
  public mutating func set(_ path: ConfigurationPath, to value: ConfigurationValue) throws {
    if path == "name", case .object(var object) = document {
      object["name"] = value
      document = .object(object)
    } else {
      try document.set(path: path, to: value)
    }
    // The recorded path belongs to the old file of this name.
    for name in files.keys where path.components.first != .key("files") && value.mentions(name) {
      guard case .object(var object) = document, case .object(var places)? = object["files"] else { continue }
      places[name] = nil
      object["files"] = .object(places)
      document = .object(object)
    }
  }

  /// Reads the data from a file instead; returns false if the data set has no setting for a file.
  package mutating func setDataFile(_ file: String, in registries: Registries) throws -> Bool {
    guard let data = document["data"], let name = try? Specification(data, at: "data").name,
      try registries.entry(of: .dataSet, named: name).schema.contains(where: { $0.name == "file" })
    else { return false }
    // The recipe's summary describes the other data.
    if data["file"]?.stringValue != file { remove("summary") }
    try set([.key("data"), .key("file")], to: .string(file))
    return true
  }

  private mutating func remove(_ key: String) {
    guard case .object(var object) = document else { return }
    object[key] = nil
    document = .object(object)
  }
}

extension ConfigurationValue {
  /// Whether the value is or contains this string.
  fileprivate func mentions(_ text: String) -> Bool {
    switch self {
    case .string(let own): own == text
    case .array(let elements): elements.contains { $0.mentions(text) }
    case .object(let object): object.contains { $0.value.mentions(text) }
    default: false
    }
  }
}

extension Recipe {
  public var name: String { document["name"]?.stringValue ?? "recipe" }

  /// What the recipe trains, in one sentence.
  public var summary: String { document["summary"]?.stringValue ?? "" }

  public mutating func setLastStageEpochs(_ epochs: Int, in registries: Registries) throws {
    guard let last = try resolved(in: registries).stages.last else { return }
    guard case .array(let list)? = document["stages"] else {
      return try set(ConfigurationPath([.key("stages"), .key(last.name), .key("epochs")]), to: .integer(epochs))
    }
    let path = ConfigurationPath([.key("stages"), .index(list.count - 1), .key("epochs")])
    try set(path, to: .integer(epochs))
  }
}
