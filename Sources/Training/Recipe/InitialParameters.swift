import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryRegistry

/// Initial parameters from another run or a safetensors file, instead of drawn ones.
///
/// ```json
/// "initial": "runs/pretrained"
/// "initial": {"from": "runs/pretrained", "parameters": ["0.dense.*"], "trained": false}
/// ```
///
/// The second form takes the first layer from the other run and freezes it; the other layers are drawn and trained. No
/// stage trains a frozen parameter; state such as running means is not frozen.
public struct InitialParameters: FieldGroup {
  @Field("Run folder or safetensors file", .nonEmpty, example: "runs/other") public var from: String
  @Field("Name patterns of the parameters to load; * matches any characters", .nonEmpty)
  public var parameters = ["*"]
  @Field("Whether to train them further; false freezes them") public var trained = true

  public init() {}

  /// Loads parameters from a run or file; by default all, and trained further.
  public init(from: String, parameters: [String] = ["*"], trained: Bool = true) {
    self.from = from
    self.parameters = parameters
    self.trained = trained
  }

  /// The patterns of the parameters that no stage trains.
  var frozen: [String] { trained ? [] : parameters }
}

extension InitialParameters: FieldValue {
  public static var fieldType: FieldType { .either(.string, .object(InitialParameters().schema)) }

  /// Reads a path, or an object with `from`.
  public init(configurationValue value: ConfigurationValue) throws {
    switch value {
    case .string(let from): self = try InitialParameters(from: from).checked()
    case .object(let object): self = try InitialParameters(object)
    default:
      throw ConfigurationError.unexpected("the folder of a run, a safetensors file, or an object with \"from\"", value)
    }
  }

  /// Only the path if everything else has its default.
  public var configurationValue: ConfigurationValue {
    get throws {
      let object = try configuration()
      return object.count == 1 ? .string(from) : .object(object)
    }
  }
}

extension InitialParameters {
  /// Loads the parameters into a model.
  ///
  /// - Parameters:
  ///   - model: the model to load into.
  ///   - environment: resolves paths.
  /// - Returns: the absolute path of the file read.
  /// - Throws: `ConfigurationError` if there is nothing to read, a pattern matches no parameter of the model, or values
  ///   are missing or have another shape; and what reading throws.
  func load(into model: inout Model, _ environment: DataEnvironment) throws -> String {
    let (values, path) = try read(environment)
    for (index, pattern) in parameters.enumerated() {
      let names = model.parameters.entries(matching: pattern).map(\.name)
      guard !names.isEmpty else {
        throw ConfigurationError(
          .invalid(
            "no parameter of the model matches '\(pattern)'; known: \(model.parameters.entries.map(\.name).listed())"
          ),
          at: [.key("initial"), .key("parameters"), .index(index)])
      }
      let wanted = Set(names)
      let given = values.filter { wanted.contains($0.name) }
      do {
        try model.parameters.load(NamedTensors(given.map { ($0.name, $0.tensor) }, source: path), into: pattern)
      } catch let error as ParameterMismatch {
        let lines = error.description.split(separator: "\n").dropFirst().map { $0.drop { $0 == " " } }
        throw ConfigurationError(
          .invalid(
            "'\(from)' does not fit the model: \(lines.joined(separator: ", ")) "
              + "(it has \(values.names.listed(atMost: 10))); choose what to load with 'parameters' beside 'from'"),
          at: "initial")
      }
    }
    return path
  }

  private func read(_ environment: DataEnvironment) throws -> (values: NamedTensors, path: String) {
    let file = RunFolder.File.checkpoint.rawValue
    for place in [environment.known[from], from].compactMap({ $0 }) {
      guard let path = environment.path(of: place.appendingPath(file)) else { continue }
      let folder = String(path.dropLast(file.count + 1))
      return (try RunFolder(existing: folder).checkpoint().parameters, folder)
    }
    guard let path = environment.path(of: from) else {
      throw ConfigurationError(
        .unexpected(expected: "the folder of a run, or a safetensors file", found: "'\(from)', which is neither"),
        at: "initial")
    }
    return (try Safetensors(FileBytes.read(path), source: path).tensors, path)
  }
}
