import Aviary
import Foundation

/// `aviary new`: writes a recipe for your own data.
struct NewCommand: Command {
  static let name = "new"
  static let summary = "Writes a recipe for your own table or arrays."
  static let usage = """
    aviary new --data FILE [options]

      --data FILE     a table (.csv, or .tsv if tab-separated) or NumPy arrays (.npz)
      --target NAME   what to predict: a column by name or index from 0 (default: the last), or an array by name
      --model NAME    the model (default: mlp for classes, cnn for image classes, network for values)
      --output FILE   the recipe file (default: the data file's name with .json); never overwrites a file

    The recipe's values are a starting point, chosen by the number of rows. Edit the file, or use train --set.
    """

  private let data: String
  private let target: String?
  private let model: String?
  private let output: String

  init(parsing arguments: [String]) throws {
    let options = ["data": false, "target": false, "model": false, "output": false]
    let arguments = try Arguments(arguments, valued: options, flags: [])
    if let word = arguments.positional.first {
      throw UsageError("unexpected '\(word)'; name your data file: aviary new --data \(Invocation.quoted(word))")
    }
    guard let data = arguments.value("data") else { throw UsageError("name your data file: --data FILE") }
    for name in options.keys.sorted() where arguments.value(name)?.isEmpty == true {
      throw UsageError("--\(name): expected a non-empty value")
    }
    self.data = data
    target = arguments.value("target")
    model = arguments.value("model")
    output = arguments.value("output") ?? NewCommand.stem(of: data) + ".json"
    guard output.hasSuffix(".json") else {
      throw UsageError("--output: expected a name that ends in .json, found '\(output)'")
    }
  }

  func run(_ surroundings: Surroundings) throws {
    try checkFree()
    if let model,
      !surroundings.registries.entries(of: .model).contains(where: { ([$0.name] + $0.aliases).contains(model) })
    {
      throw UnknownName("model", model, known: surroundings.registries.entries(of: .model).map(\.name))
    }
    let survey = try DataSurvey(data, target: target, in: surroundings.registries)
    let name = output.split(separator: "/").last.map { NewCommand.stem(of: String($0)) } ?? "own"
    let draft = RecipeDraft(survey, name: name, model: model)
    let document = try draft.document(surroundings)
    // Errors that would stop the training occur here, before anything is written.
    let trainer = try Trainer(Recipe(document, source: output), in: surroundings.registries)
    try checkFree()
    try AtomicFile.write(document.json(prettyPrinted: true) + "\n", to: output)
    var lines = survey.lines
    lines.append(
      "model: \(draft.modelName), \(trainer.data.train.count) training rows, \(trainer.data.test.count) test rows")
    lines.append("wrote \(output); edit it if you like, then train it: aviary train \(Invocation.quoted(output))")
    Terminal.print(Invocation.respelled(lines.joined(separator: "\n")))
  }

  private func checkFree() throws {
    guard FileManager.default.fileExists(atPath: output) else { return }
    throw TrainingError.folder(output, "the file already exists; choose another one with --output")
  }

  /// A file's name without its folder and extension.
  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.lastIndex(of: ".").map { $0 == name.startIndex ? name : String(name[..<$0]) } ?? name
  }
}
