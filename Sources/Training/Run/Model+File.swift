import AviaryCore
import AviaryFormats
import AviaryLayers
import AviaryRegistry

extension Model {
  /// Writes the model to one file: safetensors, whose tensors are weights and state by their names and whose metadata describe
  /// the layers.
  ///
  /// ```swift
  /// try model.save(to: "digits.safetensors")
  /// let same = try Model(contentsOf: "digits.safetensors", in: .standard)
  /// ```
  ///
  /// Other programs read the weights as they read any safetensors file. What prepares the model's inputs is not in it; a run's
  /// folder has that, too.
  ///
  /// - Parameters:
  ///   - path: the file, which is replaced as a whole.
  ///   - metadata: further remarks.
  /// - Throws: `ConfigurationError` where a layer is not registered under a name, and so cannot be described.
  public func save(to path: String, metadata: [String: String] = [:]) throws {
    let metadata = try metadata.merging([Model.metadataKey: architecture().json()]) { $1 }
    try Safetensors(parameters.namedValues, metadata: metadata).write(to: path)
  }

  /// Reads a model that ``save(to:metadata:)`` or a training wrote (`weights.safetensors` in a run's folder).
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - registries: where the layers' names are looked up.
  /// - Throws: `FormatError` for another file, `ConfigurationError` for a layer that is not registered, `LayerError` and
  ///   `ParameterMismatch` where layers and weights do not fit.
  public init(contentsOf path: String, in registries: Registries) throws {
    let file = try Safetensors(contentsOf: path)
    guard let text = file.metadata[Model.metadataKey] else {
      throw FormatError(
        .unsupported, source: path, expected: "a model with a description of its layers",
        found: "tensors without one",
        remedy: "build the model and load the tensors into its parameters, or read a run's folder by FinishedRun")
    }
    try self.init(architecture: ConfigurationValue(parsing: text), source: path, in: registries)
    try parameters.load(file.tensors)
  }

  /// The key of a file's metadata that the layers are described under.
  static let metadataKey = "aviary.model"

  /// What builds the model again, but for its numbers.
  package func architecture() throws -> ConfigurationValue {
    [
      "version": 1, "layer": try Specification(describing: layer, isComplete: true).value,
      "input": .array(inputShape.map { .integer($0) }), "stepsVary": .boolean(stepsVary),
      "dtype": .string(dtype.name),
    ]
  }

  /// Builds what ``architecture()`` describes, with some initial values.
  package init(architecture: ConfigurationValue, source: String, in registries: Registries) throws {
    guard architecture["version"]?.integerValue == 1, let layer = architecture["layer"],
      let lengths = architecture["input"]?.arrayValue?.compactMap(\.integerValue),
      lengths.count == architecture["input"]?.arrayValue?.count, lengths.count < Shape.maximumRank,
      let dtype = [DType.float32, .float64].first(where: { .string($0.name) == architecture["dtype"] })
    else {
      throw FormatError(
        .unsupported, source: source, expected: "version 1 of a model's description, with 'layer', 'input' and 'dtype'",
        found: "another")
    }
    try self.init(
      registries.make(.layer, Specification(layer)), input: Shape(lengths),
      stepsVary: architecture["stepsVary"]?.booleanValue ?? false, dtype: dtype, seed: 0)
  }
}
