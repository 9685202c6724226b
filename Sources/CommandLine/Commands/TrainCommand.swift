import Aviary
import Foundation

/// `aviary train`: trains a recipe or resumes a run.
struct TrainCommand: Command {
  static let name = "train"
  static let summary = "Trains a recipe by name or from a file."
  static let usage = """
    aviary train RECIPE|FILE [options]
    aviary train --resume DIR [options]

      --set PATH=VALUE   change a value of the recipe; repeatable, in any order:
                         --set optimizer.name=adam --set stages.train.epochs=3
      --data FILE        read the data set from this file instead: an npz archive, or a table if the recipe's data set
                         is csv, as with --set data=csv
      --epochs N         number of epochs of the last stage; with --resume, also extends a finished run to N epochs
      --seed N           seed of initial weights, shuffling, dropout, splits and computed data sets
      --threads N        number of threads; does not affect results
      --output DIR       the run's folder (default: runs/ plus the recipe's name and your changes: runs/NAME-epochs=3,
                         or runs/NAME-epochs=3-2 if that exists)
      --resume DIR       resume the run in this folder from its last checkpoint, using its current recipe.json
      --accept-changed-data
                         with --resume, continue even if the data has changed since the run was saved
      --json             print the result as one JSON object on the last line of standard output
      --quiet            hide progress

    Ctrl-C, kill, or closing the terminal or pipe (SIGINT, SIGTERM, SIGHUP, SIGPIPE) stops the training after the
    current batch, or after the evaluation at the end of an epoch, saves it and exits with status 1. A second signal
    exits at once; earlier checkpoints are kept.
    """

  let recipe: String?
  let arguments: Arguments

  init(parsing arguments: [String]) throws {
    self.arguments = try Arguments(
      arguments,
      valued: [
        "set": true, "data": false, "epochs": false, "seed": false, "threads": false, "output": false, "resume": false,
      ],
      flags: ["json", "quiet", "accept-changed-data"])
    let names = self.arguments.positional
    for change in self.arguments.all("set") where !change.dropFirst().contains("=") {
      throw UsageError("--set: expected path=value, such as optimizer.name=adam, found '\(change)'")
    }
    guard names.count <= 1 else { throw UsageError("expected one recipe, found \(names.listed(atMost: 10))") }
    recipe = names.first
    guard (recipe == nil) == (self.arguments.value("resume") != nil) else {
      throw UsageError("expected a recipe's name or file, or --resume and a run's folder")
    }
    if self.arguments.value("resume") != nil {
      for option in ["set", "seed", "output"] where self.arguments.value(option) != nil {
        throw UsageError("--\(option) cannot be combined with --resume")
      }
    } else if self.arguments.has("accept-changed-data") {
      throw UsageError("--accept-changed-data requires --resume")
    }
    _ = try self.arguments.integer("epochs", atLeast: 1)
    _ = try self.arguments.integer("seed", atLeast: 0)
    _ = try self.arguments.integer("threads", atLeast: 1)
  }

  func run(_ surroundings: Surroundings) throws {
    #if DEBUG
      Terminal.error(
        "aviary: this is a debug build, many times slower than a release build; use swift run -c release aviary …")
    #endif
    if let threads = try arguments.integer("threads", atLeast: 1) { Threads.set(threads) }
    let began = ContinuousClock.now
    let trainer = try trainer(surroundings)
    let display = arguments.has("quiet") ? nil : ProgressDisplay(descriptor: arguments.has("json") ? 2 : 1)
    let result = try train(trainer, display)
    let folder = trainer.options.output ?? ""
    if result.isInterrupted {
      throw Interrupted(
        description: "interrupted and saved; resume with: aviary train --resume \(Invocation.quoted(folder))")
    }
    let summary = RunSummary(
      run: folder, epochs: result.epochs, scores: result.scores, warnings: result.warnings,
      seconds: (ContinuousClock.now - began).seconds)
    Terminal.print(arguments.has("json") ? summary.json : summary.trainingText)
    if !arguments.has("json"), !arguments.has("quiet") { Terminal.print(nextSteps(trainer, folder, surroundings)) }
  }

  private func train(_ trainer: Trainer, _ display: ProgressDisplay?) throws -> TrainingResult {
    Interrupt.watch()
    defer {
      display?.close()
      Interrupt.unwatch()
    }
    for note in trainer.notes { Terminal.error("note: \(ErrorText.shortened(note.oneLine))") }
    return try trainer.run(
      observer: { event in
        display?.show(event)
        guard case .warning(let warning) = event else { return }
        display?.close()
        Terminal.error("warning: \(warning)")
      }, shouldStop: { Interrupt.isPending })
  }

  private struct Interrupted: Error, CustomStringConvertible {
    let description: String
  }

  private func trainer(_ surroundings: Surroundings) throws -> Trainer {
    var options = Trainer.Options()
    // Interrupting should not take long.
    options.measuresWhenStopped = false
    options.dataFile = arguments.value("data")
    if let folder = arguments.value("resume") {
      let name = try? Recipe(contentsOf: "\(folder)/recipe.json").name
      options.original = surroundings.recipes.first { $0.name == name }
      options.acceptsChangedData = arguments.has("accept-changed-data")
      options.epochs = try arguments.integer("epochs", atLeast: 1)
      return try Trainer(resuming: folder, in: surroundings.registries, options: options)
    }
    let original = try surroundings.recipe(self.recipe ?? "", data: arguments.value("data"))
    options.original = original
    let recipe = try changed(original, surroundings)
    if let output = arguments.value("output") {
      options.output = output
      return try Trainer(recipe, in: surroundings.registries, options: options)
    }
    let name = runName(recipe)
    while true {
      let folder = name.freeFolder()
      options.output = folder
      // Another training may have taken the name in the meantime.
      do { return try Trainer(recipe, in: surroundings.registries, options: options) } catch let error as TrainingError
      {
        guard name.freeFolder() != folder else { throw error }
      }
    }
  }

  /// The recipe with all changes from the command line, whose order does not matter.
  private func changed(_ original: Recipe, _ surroundings: Surroundings) throws -> Recipe {
    var recipe = original
    let changes = arguments.all("set")
    let seed = try arguments.integer("seed", atLeast: 0)
    do {
      try recipe.set(changes + (seed.map { ["seed=\($0)"] } ?? []))
    } catch var error as ConfigurationError {
      if let source = error.source, changes.contains(source) { error.source = "--set \(source)" }
      throw error
    }
    try TrainCommand.checkChanges(changes, of: recipe, in: surroundings.registries)
    if let epochs = try arguments.integer("epochs", atLeast: 1) {
      try recipe.setLastStageEpochs(epochs, in: surroundings.registries)
      try recipe.check(changes, after: "--epochs \(epochs)")
      if let change = changes.first(where: { $0.hasPrefix("epochs=") }),
        try !recipe.replacements(of: "epochs", in: surroundings.registries).isEmpty
      {
        throw UsageError("--set \(change) and --epochs \(epochs) contradict each other; use only one")
      }
    }
    if let file = arguments.value("data") {
      var changed = recipe
      if try changed.setDataFile(file, in: surroundings.registries) {
        try changed.check(changes, after: "--data \(file)")
      }
    }
    return recipe
  }

  /// Throws if every stage overrides a changed value.
  private static func checkChanges(_ changes: [String], of recipe: Recipe, in registries: Registries) throws {
    for change in changes {
      let key = String(change.prefix { $0 != "=" && $0 != "." })
      let places = try recipe.replacements(of: key, in: registries)
      guard places.isEmpty else {
        throw UsageError(
          "--set \(change) would have no effect, as every stage has its own; set \(places.joined(separator: " or "))")
      }
    }
  }

  /// The recipe's name, and the changes made by the arguments.
  private func runName(_ recipe: Recipe) -> RunName {
    var name = RunName(recipe.name)
    for change in arguments.all("set") {
      let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0] != "name" { name.add(String(parts[0]), String(parts[1])) }
    }
    if let file = arguments.value("data") { name.add("data", file.split(separator: "/").last.map(String.init) ?? file) }
    for option in ["epochs", "seed"] { if let value = arguments.value(option) { name.add(option, value) } }
    return name
  }
}
