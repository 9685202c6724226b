import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryRegistry

/// Where a training begins, if not at drawn numbers: with the parameters of another run, or of a safetensors file.
///
/// ```json
/// "initial": "runs/pretrained"
/// "initial": {"from": "runs/pretrained", "parameters": ["0.dense.*"], "trained": false}
/// ```
///
/// With the second, the first layer is the other run's and stays as it is; the other layers are drawn and trained. A frozen
/// parameter is left out of every stage; state such as running means is not frozen.
public struct InitialParameters: FieldGroup {
  @Field("Folder of a run, or a safetensors file", .nonEmpty, example: "runs/other") public var from: String
  @Field("Patterns of the names of the parameters that are taken over; * stands for any characters", .nonEmpty)
  public var parameters = ["*"]
  @Field("Whether they are trained further; false freezes them") public var trained = true

  public init() {}

  /// Parameters of a run or file: all, and trained further, unless given.
  public init(from: String, parameters: [String] = ["*"], trained: Bool = true) {
    self.from = from
    self.parameters = parameters
    self.trained = trained
  }

  /// The patterns of what no stage trains.
  var frozen: [String] { trained ? [] : parameters }
}

extension InitialParameters: FieldValue {
  /// A path, or an object.
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

  /// The path where nothing else is said.
  public var configurationValue: ConfigurationValue {
    get throws {
      let object = try configuration()
      return object.count == 1 ? .string(from) : .object(object)
    }
  }
}

extension InitialParameters {
  /// Takes the parameters over into a model.
  ///
  /// - Parameters:
  ///   - model: what takes them.
  ///   - environment: where paths lead.
  /// - Returns: the absolute path of what was read.
  /// - Throws: `ConfigurationError` where there is nothing to read or a pattern matches no parameter of the model,
  ///   `ParameterMismatch` in words where values are missing or have another shape, and what reading throws.
  func load(into model: inout Model, _ environment: DataEnvironment) throws -> String {
    let (values, path) = try read(environment)
    for (index, pattern) in parameters.enumerated() {
      let names = model.parameters.entries(matching: pattern).map(\.name)
      guard !names.isEmpty else {
        throw ConfigurationError(
          .invalid(
            "no parameter of the model matches '\(pattern)'; there are: \(model.parameters.entries.map(\.name).listed())"
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
            "'\(from)' does not fit the model: \(lines.joined(separator: ", ")) (it has \(values.names.listed(atMost: 10))); "
              + "'parameters' beside 'from' names what to take over"), at: "initial")
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
        .unexpected(expected: "the folder of a run, or a safetensors file", found: "'\(from)', where neither is"),
        at: "initial")
    }
    return (try Safetensors(FileBytes.read(path), source: path).tensors, path)
  }
}
