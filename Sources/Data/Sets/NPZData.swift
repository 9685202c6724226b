import AviaryCore
import AviaryFormats
import AviaryRegistry

/// A file of NumPy arrays (`numpy.savez`): inputs and targets by name, perhaps with test rows in arrays of their own.
///
/// Where no names are given, the first of these pairs that the file holds is taken: `x_train` and `y_train` (with `x_test`
/// and `y_test` as the part `test`), `x` and `y`, `X` and `y`, `inputs` and `targets`, `images` and `labels`, `data` and `target`,
/// `arr_0` and `arr_1`; else the file's first two arrays, or its only one without targets.
///
/// Inputs keep the type they are stored in.
public struct NPZData: DataSource, Registrable {
  /// The set's configuration.
  public struct Configuration: ConfigurationFields {
    /// The file.
    public var file: String?
    /// The inputs' name.
    public var inputs: String?
    /// The targets' name.
    public var targets: String?
    /// The name of inputs to judge by.
    public var testInputs: String?
    /// The name of their targets.
    public var testTargets: String?
    /// Whether targets are labels or values.
    public var targetKind = TargetKind.automatic
    /// Gives images [n, height, width] a last axis of one channel.
    public var addChannelAxis = false

    /// The first pair of well-known names.
    public init() {}
  }

  /// `"npz"`.
  public static let name = "npz"
  /// What is worth knowing.
  public static let card = Card(
    "A file of NumPy arrays, as numpy.savez writes them: inputs [n, …] and targets [n] or [n, …].",
    fields: [
      "file": "The npz file, also relative to the recipe's folder or AVIARY_DATA; --data FILE takes its place.",
      "inputs": "The name of the inputs; found by well-known names, such as x, X, images or arr_0, unless given.",
      "targets": "The name of the targets; found beside the inputs unless given.",
      "testInputs": "The name of further inputs that become the part test; x_test beside x_train unless given.",
      "testTargets": "The name of their targets; y_test beside y_train unless given.",
      "targetKind": "Whether the targets are labels or values; automatic: labels where they are whole numbers.",
      "addChannelAxis": "Gives images [n, height, width] a last axis of one channel.",
    ], tags: ["file", "numpy"])

  let configuration: Configuration

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    let texts: [(ConfigurationPath, String?)] = [
      ("file", configuration.file), ("inputs", configuration.inputs), ("targets", configuration.targets),
      ("testInputs", configuration.testInputs), ("testTargets", configuration.testTargets),
    ]
    for (field, text) in texts { if let text { try Check.nonEmpty(text, field) } }
    if configuration.testTargets != nil, configuration.testInputs == nil {
      throw ConfigurationError(
        .missing(expected: "the name of the inputs that testTargets belong to"), at: "testInputs")
    }
    self.configuration = configuration
  }

  /// The set in a file.
  public init(
    _ file: String, inputs: String? = nil, targets targetName: String? = nil, addingChannelAxis: Bool = false,
    targetKind: TargetKind = .automatic
  ) {
    var configuration = Configuration()
    configuration.file = file
    configuration.inputs = inputs
    configuration.targets = targetName
    configuration.addChannelAxis = addingChannelAxis
    configuration.targetKind = targetKind
    self.configuration = configuration
  }

  /// Reads the file.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    guard let file = environment.file ?? configuration.file else {
      throw DataError("npz", "no file is named; set data.file in the recipe, or give --data FILE")
    }
    return try DataError.wrapping {
      let (path, bytes) = try environment.read(file)
      if let error = DataError.noArchive(path, bytes) { throw error }
      let arrays = try NPZ.decode(bytes, source: path)
      return try set(from: arrays, names: NPZNames(configuration, in: arrays), path).validated()
    }
  }

  private func set(from arrays: NamedTensors, names: NPZNames, _ path: String) throws -> DataSet {
    func part(_ inputs: String, _ targets: String?) throws -> (Tensor, Tensor?) {
      let x = try images(arrays.tensor(named: inputs), "\(path): array '\(inputs)'")
      guard let targets else { return (x, nil) }
      let source = "\(path): array '\(targets)'"
      let stored = try arrays.tensor(named: targets)
      guard stored.rank > 0, stored.shape[0] == x.shape[0] else {
        throw DataError(
          source, "expected a target for each of the \(x.shape[0]) rows of '\(inputs)', found \(stored.spec)")
      }
      return (x, try configuration.targetKind.targets(from: stored, source: source))
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let (x, y) = try part(names.inputs, names.targets)
    guard let testInputs = names.testInputs else { return DataSet(name: name, inputs: x, targets: y) }
    let (testX, testY) = try part(testInputs, names.testTargets)
    let fits = x.shape.removing(axis: 0) == testX.shape.removing(axis: 0) && x.dtype == testX.dtype
    let targetsFit = y?.dtype == testY?.dtype && y?.shape.removing(axis: 0) == testY?.shape.removing(axis: 0)
    guard fits, targetsFit else {
      throw DataError(
        path,
        "'\(names.inputs)' and '\(testInputs)', or their targets, differ in shape or type: \(x.spec) and \(testX.spec)")
    }
    return DataSet(
      name: name, inputs: Tensor.concatenate([x, testX]),
      targets: y.flatMap { y in testY.map { .concatenate([y, $0]) } },
      parts: ["train": 0..<x.shape[0], "test": x.shape[0]..<(x.shape[0] + testX.shape[0])])
  }

  private func images(_ stored: Tensor, _ source: String) throws -> Tensor {
    guard stored.rank > 0 else { throw DataError(source, "expected inputs [n, …], found the scalar \(stored.spec)") }
    guard configuration.addChannelAxis else { return stored }
    guard stored.rank == 3 || stored.rank == 4 else {
      throw DataError(source, "expected images [n, height, width], found \(stored.spec)")
    }
    return stored.rank == 3 ? stored.expandingDimension(at: 3) : stored
  }
}
