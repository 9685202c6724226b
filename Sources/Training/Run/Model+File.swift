import AviaryCore
import AviaryFormats
import AviaryLayers
import AviaryRegistry

extension Model {
  /// Writes the model to a safetensors file: the tensors are weights and state by name, and the metadata describes the
  /// layers.
  ///
  /// ```swift
  /// try model.save(to: "digits.safetensors")
  /// let same = try Model(contentsOf: "digits.safetensors", in: .standard)
  /// ```
  ///
  /// Other programs read the weights as from any safetensors file. The file does not include the preprocessing of
  /// inputs; a run's folder does.
  ///
  /// - Parameters:
  ///   - path: the file, which is replaced as a whole.
  ///   - metadata: further metadata.
  /// - Throws: `ConfigurationError` if a layer has no registered name to describe it by.
  public func save(to path: String, metadata: [String: String] = [:]) throws {
    let metadata = try metadata.merging([Model.metadataKey: architecture().json()]) { $1 }
    try Safetensors(parameters.namedValues, metadata: metadata).write(to: path)
  }

  /// Reads a model that ``save(to:metadata:)`` or a training wrote (`weights.safetensors` in a run's folder).
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - registries: the registries to look up the layers' names in.
  /// - Throws: `FormatError` if the file holds no model, `ConfigurationError` for an unregistered layer, `LayerError`
  ///   and `ParameterMismatch` if layers and weights do not fit.
  public init(contentsOf path: String, in registries: Registries) throws {
    let file = try Safetensors(contentsOf: path)
    guard let text = file.metadata[Model.metadataKey] else {
      throw FormatError(
        .unsupported, source: path, expected: "a model with a description of its layers",
        found: "tensors without one",
        remedy: "build the model and load the tensors into its parameters, or load a run's folder with FinishedRun")
    }
    try self.init(architecture: ConfigurationValue(parsing: text), source: path, in: registries)
    try parameters.load(file.tensors)
  }

  /// The metadata key of the description of the layers.
  static let metadataKey = "aviary.model"

  /// A description of the layers from which the model can be rebuilt, without its parameters' values.
  package func architecture() throws -> ConfigurationValue {
    [
      "version": 1, "layer": try Specification(describing: layer, isComplete: true).value,
      "input": .array(inputShape.map { .integer($0) }), "stepsVary": .boolean(stepsVary),
      "dtype": .string(dtype.name),
    ]
  }

  /// Builds the described model, with arbitrary initial values.
  package init(architecture: ConfigurationValue, source: String, in registries: Registries) throws {
    guard architecture["version"]?.integerValue == 1, let layer = architecture["layer"],
      let lengths = architecture["input"]?.arrayValue?.compactMap(\.integerValue),
      lengths.count == architecture["input"]?.arrayValue?.count, lengths.count < Shape.maximumRank,
      let dtype = [DType.float32, .float64].first(where: { .string($0.name) == architecture["dtype"] })
    else {
      throw FormatError(
        .unsupported, source: source, expected: "version 1 of a model description, with 'layer', 'input' and 'dtype'",
        found: "another")
    }
    try self.init(
      registries.make(.layer, Specification(layer)), input: Shape(lengths),
      stepsVary: architecture["stepsVary"]?.booleanValue ?? false, dtype: dtype, seed: 0)
  }
}
