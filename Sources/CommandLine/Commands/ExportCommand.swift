import Aviary

/// `aviary export`: writes a run's model for other programs.
struct ExportCommand: Command {
  static let name = "export"
  static let summary = "Writes a run's model for other programs: ONNX, safetensors, or one Swift file."
  static let usage = """
    aviary export RUN --format FORMAT [options]

      --format FORMAT  onnx: a graph of operators (set 17), for onnxruntime and others
                       safetensors: weights by name, with a description of the layers, for Model(contentsOf:)
                       swift: one Swift file with the weights, which depends only on AviaryLayers
      --output FILE    the file to write (default: the run's name with .onnx, .safetensors or .swift)
      --preprocessing  for onnx: include the run's preprocessing in the graph; a Swift file always includes it
      --type NAME      for swift: the structure's name (default: from the recipe's name)
    """

  private enum Format: String, CaseIterable { case onnx, safetensors, swift }

  private let arguments: Arguments
  private let folder: String
  private let format: Format

  init(parsing arguments: [String]) throws {
    self.arguments = try Arguments(
      arguments, valued: ["format": false, "output": false, "type": false], flags: ["preprocessing"])
    guard self.arguments.positional.count == 1 else { throw UsageError("expected the folder of one run") }
    folder = self.arguments.positional[0]
    let names = Format.allCases.map(\.rawValue)
    guard let name = self.arguments.value("format") else {
      throw UsageError("expected a format: --format \(names.joined(separator: ", "))")
    }
    guard let format = Format(rawValue: name) else {
      throw UsageError("--format: expected \(names.joined(separator: ", ")), found '\(name)'")
    }
    self.format = format
    guard format == .onnx || !self.arguments.has("preprocessing") else {
      throw UsageError("--preprocessing requires --format onnx")
    }
    guard format == .swift || self.arguments.value("type") == nil else {
      throw UsageError("--type requires --format swift")
    }
  }

  func run(_ surroundings: Surroundings) throws {
    let run = try FinishedRun(folder, in: surroundings.registries)
    let stem = folder.split(separator: "/").last.map(String.init) ?? run.recipe.name
    let output = arguments.value("output") ?? "\(stem).\(format.rawValue)"
    switch format {
    case .onnx: try ONNXExport(of: run, withPreprocessing: arguments.has("preprocessing")).write(to: output)
    case .safetensors: try run.model.save(to: output, metadata: ["recipe": run.recipe.name])
    case .swift: try SwiftExport(of: run, typeName: arguments.value("type")).write(to: output)
    }
    Terminal.print("the model is in \(output)")
  }
}
