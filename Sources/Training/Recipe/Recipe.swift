import AviaryFormats
import AviaryRegistry

/// A training as data: which data, which model, which optimizer, how long. Read from a file, changed by path, saved with every run.
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
/// The keys of ``StageSettings`` at the top level hold for every stage; under `stages` they hold for one. `stages` is an object that
/// changes stages the model proposes, or a list of objects with a `name` that takes the proposals' place. Later layers win: defaults, the
/// model's proposal, the top level, `stages`.
public struct Recipe: Sendable, Equatable {
  /// The document as it was read, with the changes made to it since.
  public private(set) var document: ConfigurationValue
  /// The file, for errors, which otherwise begin with the recipe's name.
  public let source: String?
  /// The folder of the file that the recipe was read from, in which relative paths of data are looked for, too; nil where it
  /// came from none, or from the current folder.
  public let folder: String?

  /// A recipe from its JSON value.
  public init(_ document: ConfigurationValue, source: String? = nil, folder: String? = nil) {
    self.document = document
    self.source = source
    self.folder = folder
  }

  /// A recipe from JSON text. Throws `ConfigurationSyntaxError`.
  public init(parsing text: String, source: String? = nil) throws {
    try self.init(parsing: Array(text.utf8), source: source)
  }

  /// A recipe from the bytes of JSON text. Throws `ConfigurationSyntaxError`.
  public init(parsing bytes: [UInt8], source: String? = nil) throws {
    self.init(try ConfigurationValue(parsing: bytes, source: source), source: source)
  }

  /// A recipe from a file. Throws `FormatError` where it cannot be read, `ConfigurationSyntaxError` where it is no JSON.
  public init(contentsOf path: String) throws {
    let bytes = try FileBytes.read(path, maximumByteCount: 1 << 24)
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    self.init(try ConfigurationValue(parsing: bytes, source: path), source: path, folder: folder)
  }

  /// Where the files were found that the recipe names: absolute paths by the names, which a run writes into its recipe. The
  /// first place to look.
  public var files: [String: String] {
    (document["files"]?.objectValue ?? [:]).reduce(into: [:]) { files, entry in
      files[entry.key] = entry.value.stringValue
    }
  }

  /// Changes the recipe as an argument `path=value` says: `stages.finetune.optimizer.name=adam`. The value is read as JSON;
  /// what is no JSON is a string, unless it begins with a brace or bracket.
  ///
  /// Throws `ConfigurationError` where such a value is no JSON, without `=` or path, and where the path leads through a
  /// number or past a list's end.
  public mutating func set(_ argument: String) throws {
    let change = try RecipeSetting(argument)
    try set(change.path, to: change.value)
  }

  /// Changes the value at a path, as `ConfigurationValue.set(path:to:)` does; the recipe's own name is but a name, though.
  public mutating func set(_ path: ConfigurationPath, to value: ConfigurationValue) throws {
    if path == "name", case .object(var object) = document {
      object["name"] = value
      document = .object(object)
    } else {
      try document.set(path: path, to: value)
    }
    // Another file of a name must not be looked for where the old one was.
    for name in files.keys where path.components.first != .key("files") && value.mentions(name) {
      guard case .object(var object) = document, case .object(var places)? = object["files"] else { continue }
      places[name] = nil
      object["files"] = .object(places)
      document = .object(object)
    }
  }

  /// Takes the data from a file in place of the set's own; false where the set has no setting for one.
  package mutating func setDataFile(_ file: String, in registries: Registries) throws -> Bool {
    guard let data = document["data"], let name = try? Specification(data, at: "data").name,
      try registries.entry(of: .dataSet, named: name).schema.contains(where: { $0.name == "file" })
    else { return false }
    // What the recipe tells of itself is of the other data.
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
  /// Whether the text is this value or stands somewhere in it.
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
  /// The recipe's name.
  public var name: String { document["name"]?.stringValue ?? "recipe" }

  /// What it trains, in a sentence.
  public var summary: String { document["summary"]?.stringValue ?? "" }

  /// Sets the number of epochs of the last stage.
  public mutating func setLastStageEpochs(_ epochs: Int, in registries: Registries) throws {
    guard let last = try resolved(in: registries).stages.last else { return }
    guard case .array(let list)? = document["stages"] else {
      return try set(ConfigurationPath([.key("stages"), .key(last.name), .key("epochs")]), to: .integer(epochs))
    }
    let path = ConfigurationPath([.key("stages"), .index(list.count - 1), .key("epochs")])
    try set(path, to: .integer(epochs))
  }
}
