import Aviary
import Foundation

/// `aviary new`: writes a recipe for data of one's own.
struct NewCommand: Command {
  static let name = "new"
  static let summary = "Writes a recipe for your own table or arrays, to edit and to train."
  static let usage = """
    aviary new --data FILE [options]

      --data FILE     a table (.csv, or .tsv with tabs), or NumPy arrays (.npz)
      --target NAME   what to predict: a column by its name or its position from 0 (the last column), or the name of an array
      --model NAME    the model; by default mlp for classes, cnn for classes of images, network for values
      --output FILE   the recipe's file (the data file's name, with .json); an existing file is never replaced

    The recipe's values are a good beginning, chosen by the number of rows. Edit the file, or change them by train --set.
    """

  private let data: String
  private let target: String?
  private let model: String?
  private let output: String

  init(parsing arguments: [String]) throws {
    let options = ["data": false, "target": false, "model": false, "output": false]
    let arguments = try Arguments(arguments, valued: options, flags: [])
    if let word = arguments.positional.first {
      throw UsageError("unexpected '\(word)'; name the file of your data: aviary new --data \(Invocation.quoted(word))")
    }
    guard let data = arguments.value("data") else { throw UsageError("name the file of your data: --data FILE") }
    for name in options.keys.sorted() where arguments.value(name)?.isEmpty == true {
      throw UsageError("--\(name): expected a text that is not empty")
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
    // What would stop the training stops here, before anything is written.
    let trainer = try Trainer(Recipe(document, source: output), in: surroundings.registries)
    try checkFree()
    try AtomicFile.write(document.json(prettyPrinted: true) + "\n", to: output)
    var lines = survey.lines
    lines.append(
      "model: \(draft.modelName), \(trainer.data.train.count) rows to train on, \(trainer.data.test.count) to test by")
    lines.append("\(output) is written; edit it if you like. Train it: aviary train \(Invocation.quoted(output))")
    Terminal.print(Invocation.respelled(lines.joined(separator: "\n")))
  }

  private func checkFree() throws {
    guard FileManager.default.fileExists(atPath: output) else { return }
    throw TrainingError.folder(output, "the file exists already; choose another one with --output")
  }

  /// A file's name without folders and its last extension.
  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.lastIndex(of: ".").map { $0 == name.startIndex ? name : String(name[..<$0]) } ?? name
  }
}
