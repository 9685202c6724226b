import Aviary
import Foundation

/// `aviary train`: runs a recipe, or takes up an interrupted run.
struct TrainCommand: Command {
  static let name = "train"
  static let summary = "Trains a recipe by name or from a file."
  static let usage = """
    aviary train RECIPE|FILE [options]
    aviary train --resume DIR [options]

      --set PATH=VALUE   changes the recipe: --set optimizer.name=adam --set stages.train.epochs=3; may be repeated
      --data FILE        reads the data set from this file in place of its own: an npz archive, or a table where the recipe's
                         data set is csv, as by --set data=csv
      --epochs N         the last stage's number of epochs
      --seed N           of initial values, shuffles, dropout and drawn data
      --threads N        how many threads compute; results do not depend on it
      --output DIR       the run's folder; by default runs/NAME, or runs/NAME-2 where that exists …
      --resume DIR       takes up the run of a folder where it was saved last
      --json             prints the result as one JSON object, the last line of standard output
      --quiet            shows no progress
    """

  private let recipe: String?
  private let arguments: Arguments

  init(parsing arguments: [String]) throws {
    self.arguments = try Arguments(
      arguments,
      valued: [
        "set": true, "data": false, "epochs": false, "seed": false, "threads": false, "output": false, "resume": false,
      ],
      flags: ["json", "quiet"])
    let names = self.arguments.positional
    for change in self.arguments.all("set") where !change.dropFirst().contains("=") {
      throw UsageError("--set: expected path=value, such as optimizer.name=adam, found '\(change)'")
    }
    guard names.count <= 1 else { throw UsageError("one recipe at a time; found \(names.joined(separator: ", "))") }
    recipe = names.first
    guard (recipe == nil) == (self.arguments.value("resume") != nil) else {
      throw UsageError("give the name or file of a recipe, or --resume and the folder of a run")
    }
    if self.arguments.value("resume") != nil {
      for option in ["set", "epochs", "seed", "output"] where self.arguments.value(option) != nil {
        throw UsageError("--\(option) cannot change a run that is resumed")
      }
    }
    _ = try self.arguments.integer("epochs", atLeast: 1)
    _ = try self.arguments.integer("seed", atLeast: 0)
    _ = try self.arguments.integer("threads", atLeast: 1)
  }

  func run(_ surroundings: Surroundings) throws {
    #if DEBUG
      Terminal.error(
        "aviary: this is a debug build, many times slower than a release build; use: swift run -c release aviary …")
    #endif
    if let threads = try arguments.integer("threads", atLeast: 1) { Threads.set(threads) }
    let began = ContinuousClock.now
    let trainer = try trainer(surroundings)
    let display = arguments.has("quiet") ? nil : ProgressDisplay(descriptor: arguments.has("json") ? 2 : 1)
    Interrupt.watch()
    defer {
      Interrupt.unwatch()
      display?.close()
    }
    let result = try trainer.run(observer: { display?.show($0) }, shouldStop: { Interrupt.isPending })
    display?.close()
    let folder = trainer.options.output ?? ""
    if result.isInterrupted {
      throw Interrupted(description: "interrupted and saved; go on with: aviary train --resume \(folder)")
    }
    let summary = RunSummary(
      run: folder, epochs: result.epochs, scores: result.scores, seconds: (ContinuousClock.now - began).seconds)
    Terminal.print(arguments.has("json") ? summary.json : summary.trainingText)
  }

  private struct Interrupted: Error, CustomStringConvertible {
    let description: String
  }

  private func trainer(_ surroundings: Surroundings) throws -> Trainer {
    var options = Trainer.Options()
    options.dataFile = arguments.value("data")
    if let folder = arguments.value("resume") {
      return try Trainer(resuming: folder, in: surroundings.registries, options: options)
    }
    var recipe = try surroundings.recipe(self.recipe ?? "")
    for change in arguments.all("set") {
      do { try recipe.set(change) } catch let error as ConfigurationError { throw error.inSource("--set \(change)") }
    }
    try TrainCommand.checkChanges(arguments.all("set"), of: recipe, in: surroundings.registries)
    if let seed = try arguments.integer("seed", atLeast: 0) { try recipe.set("seed", to: .integer(seed)) }
    if let epochs = try arguments.integer("epochs", atLeast: 1) {
      try recipe.setLastStageEpochs(epochs, in: surroundings.registries)
    }
    options.output = arguments.value("output") ?? TrainCommand.freeFolder(recipe.name)
    return try Trainer(recipe, in: surroundings.registries, options: options)
  }

  /// Throws where a change is one that every stage has its own value against.
  private static func checkChanges(_ changes: [String], of recipe: Recipe, in registries: Registries) throws {
    for change in changes {
      let key = String(change.prefix { $0 != "=" && $0 != "." })
      let places = try recipe.replacements(of: key, in: registries)
      guard places.isEmpty else {
        throw UsageError(
          "--set \(change) would change nothing, as each stage has its own; set \(places.joined(separator: " or "))")
      }
    }
  }

  /// `runs/NAME`, or the first of `runs/NAME-2`, `runs/NAME-3` … that does not exist.
  private static func freeFolder(_ name: String) -> String {
    var folder = "runs/\(name)"
    var number = 2
    while FileManager.default.fileExists(atPath: folder) {
      folder = "runs/\(name)-\(number)"
      number += 1
    }
    return folder
  }
}

extension Surroundings {
  /// The recipe of a name, or in a file.
  func recipe(_ name: String) throws -> Recipe {
    if let known = recipes.first(where: { $0.name == name }) { return known }
    if name.hasSuffix(".json") || name.contains("/") { return try Recipe(contentsOf: name) }
    throw UnknownName(
      "recipe", name, known: recipes.map(\.name),
      remedy: "'aviary list recipes' tells all, and a file's name ends in .json")
  }
}
