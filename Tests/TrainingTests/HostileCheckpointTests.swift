import AviaryCore
import AviaryFormats
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// Checkpoints with a valid checksum and one wrong value cause an error, or have the outcome of the original.
@Suite struct HostileCheckpointTests {
  private let folder: ScratchFolder
  private let whole: Safetensors
  private let reference: TrainingResult

  /// A run stopped in the middle of its second epoch, with every kind of state.
  init() throws {
    folder = try ScratchFolder()
    let recipe = try recipe("optimizer=adam", ResumeTests.stopping)
    reference = try Trainer(recipe, in: registries).run()
    var batches = 0
    try Trainer(recipe, in: registries, options: ResumeTests.options(folder["run"])).run(shouldStop: {
      batches += 1
      return batches == 6
    })
    whole = try Safetensors(folder.bytes("run/checkpoint.safetensors"))
  }

  private func write(_ document: ConfigurationValue, _ tensors: NamedTensors) throws {
    let metadata = ["aviary": document.json()]
    try folder.write(
      CheckpointSeal.sealed(Safetensors(tensors, metadata: metadata)).encoded(), to: "run/checkpoint.safetensors")
  }

  private func document() throws -> ConfigurationValue {
    try ConfigurationValue(parsing: try #require(whole.metadata["aviary"]))
  }

  /// Whether a checkpoint is refused; otherwise it must lead to the same outcome, unless another one is as likely.
  private func isRefused(_ comment: String, mayDiffer: Bool = false) throws -> Bool {
    // Scores alone are different: state that only training uses does not change them.
    let scores = try? FinishedRun(folder["run"], in: registries).scores()
    let trainer = try? Trainer(resuming: folder["run"], in: registries)
    guard let result = try? trainer?.run() else { return true }
    if !mayDiffer {
      #expect(result.history == reference.history && result.scores == reference.scores, "\(comment)")
      #expect(scores != nil, "\(comment)")
    }
    return false
  }

  static let values: [ConfigurationValue] = [
    .null, .integer(-1), .integer(0), .integer(7), .integer(.max), .integer(.min), .integer(1 << 41), .number(1.5),
    "nan", "x", [], [:], true, [.integer(-1)], [.integer(.max), .integer(.max)],
    [.integer(1 << 39), .integer(1 << 39), .integer(4)], ["x", "x"],
  ]

  /// Values that could legitimately differ.
  private static func isPlausible(_ path: ConfigurationPath) -> Bool {
    let text = path.description
    return text.contains("values") || ["means", "inputRange", "schema", "files"].contains { text.hasPrefix($0) }
  }

  private static func paths(
    in value: ConfigurationValue, at path: ConfigurationPath = []
  ) -> [ConfigurationPath] {
    let inner: [(ConfigurationPath, ConfigurationValue)]
    switch value {
    // Recipes have their own tests.
    case .object(let object) where path != "recipe": inner = object.map { (path.appending($0.key), $0.value) }
    case .array(let list): inner = list.prefix(2).enumerated().map { (path.appending($0.offset), $0.element) }
    default: inner = []
    }
    return inner.flatMap { [$0.0] + paths(in: $0.1, at: $0.0) }
  }

  @Test func metadata() throws {
    let document = try document()
    var refused = 0
    let paths = Self.paths(in: document)
    #expect(paths.count > 40 && paths.contains("history.0.epoch") && paths.contains("means.1.1"))
    for path in paths {
      for value in Self.values where document[path: path] != value {
        var changed = document
        try changed.set(path: path, to: value)
        try write(changed, whole.tensors)
        refused += try isRefused("\(path) = \(value)", mayDiffer: Self.isPlausible(path)) ? 1 : 0
      }
    }
    #expect(refused > 500)
    // Wrong positions of the training are always refused.
    for path: ConfigurationPath in ["stage", "epoch", "batch", "step", "optimizerStep", "rows.0", "input.0"] {
      for value in Self.values where document[path: path] != value {
        var changed = document
        try changed.set(path: path, to: value)
        try write(changed, whole.tensors)
        #expect(try isRefused("\(path) = \(value)"), "\(path) = \(value)")
      }
    }
  }

  /// Nothing is allocated for a size that only the file states.
  @Test(arguments: [1 << 39, 1 << 32]) func hugeInputs(_ size: Int) throws {
    var document = try document()
    try document.set(path: "storedInput", to: [.integer(size)])
    try write(document, whole.tensors)
    for found in [
      message { _ = try FinishedRun(folder["run"], in: registries) },
      message { _ = try Trainer(resuming: folder["run"], in: registries) },
    ] {
      #expect(
        found?.contains("its stored inputs [\(size)] do not fit in memory") == true, "\(found ?? "no error")")
    }
  }

  /// Counts of optimizers that lead beyond their vectors, or beyond whole numbers.
  @Test(arguments: [
    (#"{"name": "lookahead", "optimizer": "sgd"}"#, ["inner.step"]), (#"{"name": "sharpness-aware"}"#, ["inner.step"]),
    (#"{"name": "weight-average"}"#, ["inner.step"]), (#"{"name": "lbfgs"}"#, ["next", "pairs", "scale"]),
    (#"{"name": "newton"}"#, ["damping", "radius"]), (#"{"name": "nadam"}"#, ["momentumProduct"]),
  ])
  func optimizerNumbers(_ optimizer: String, _ names: [String]) throws {
    let recipe = try recipe("optimizer=\(optimizer)", "batchSize=null", "epochs=6")
    var batches = 0
    try Trainer(recipe, in: registries, options: ResumeTests.options(folder["other"])).run(shouldStop: {
      batches += 1
      return batches == 4
    })
    let stored = try Safetensors(folder.bytes("other/checkpoint.safetensors"))
    let document = try ConfigurationValue(parsing: try #require(stored.metadata["aviary"]))
    for name in names {
      #expect(document["optimizerNumbers"]?[name] != nil, "\(name)")
      for value in [-1, 0x1p63, 1e308, -0x1p63] where !(value > 0 && ["scale", "damping", "radius"].contains(name)) {
        guard value < 0 || name != "momentumProduct" else { continue }
        var changed = document
        try changed.set(path: ConfigurationPath([.key("optimizerNumbers"), .key(name)]), to: .number(value))
        let file = CheckpointSeal.sealed(Safetensors(stored.tensors, metadata: ["aviary": changed.json()]))
        try folder.write(file.encoded(), to: "other/checkpoint.safetensors")
        let found = message { _ = try Trainer(resuming: folder["other"], in: registries).run() }
        #expect(found?.contains("optimizerNumbers") == true, "\(name) \(value): \(found ?? "accepted")")
      }
    }
  }

  @Test func tensors() throws {
    let document = try document()
    #expect(whole.tensors.names.contains("best.trainable") && whole.tensors.names.contains("transforms.0.mean"))
    for name in whole.tensors.names {
      let tensor = try whole.tensors.tensor(named: name)
      let nan = Tensor(repeating: .nan, shape: tensor.shape, dtype: tensor.dtype)
      let others: [Tensor?] = [
        nil, nan, Tensor(repeating: .infinity, shape: tensor.shape, dtype: tensor.dtype),
        Tensor.zeros([2, 3], dtype: tensor.dtype), Tensor.zeros([0], dtype: tensor.dtype),
        Tensor.zeros(tensor.shape, dtype: tensor.dtype == .float64 ? .float32 : .float64),
        Tensor.zeros(tensor.shape, dtype: .int64),
      ]
      for (index, other) in others.enumerated() where other?.spec != tensor.spec || index == 1 || index == 2 {
        // There is no state, so that none of it can be NaN.
        if tensor.elementCount == 0, index == 1 || index == 2 { continue }
        var tensors = whole.tensors
        tensors[name] = other
        try write(document, tensors)
        #expect(try isRefused("\(name) \(index)"), "\(name), the change \(index)")
      }
    }
    for name in [
      "parameters.other", "optimizer.other", "objective.chains", "transforms.7.mean", "transforms.0.other",
      "transforms.x", "best.other", "last.trainable", "other",
    ] {
      var tensors = whole.tensors
      tensors[name] = Tensor([1, 2] as [Float])
      try write(document, tensors)
      #expect(try isRefused(name), "\(name)")
    }
    try write(document, whole.tensors)
    #expect(try !isRefused("the whole"))
  }
}
