import Aviary
import Foundation

/// `aviary search`: searches for the settings of a recipe that give the best score.
struct SearchCommand: Command {
  static let name = "search"
  static let summary = "Searches for the settings of a recipe that give the best score."
  static let usage = """
    aviary search RECIPE|FILE --vary PATH=VALUES [--vary …] [options]
    aviary search --resume DIR [--trials N]

    VALUES are log:LOW..HIGH, linear:LOW..HIGH, integer:LOW..HIGH or choice:A,B,…, where A, B are JSON values or words:

      aviary search digits-mlp --set split.validation=0.2 --vary optimizer.learningRate=log:1e-4..1e-1 \\
        --vary model.units=choice:[32],[64,32] --trials 40

      --vary PATH=VALUES  a value to vary; repeatable
      --trials N          number of trials (default: 20; a grid has all combinations)
      --method WHICH      grid: all combinations, 5 values of a range, or as many as a number behind it says
                          (log:1e-4..1e-1:4); random; halving: few epochs first, the best third goes on; tpe: near the best
                          so far (default: random)
      --monitor NAME      score to compare, named as in metrics.csv (default: validation.loss, or test.loss with --folds)
      --folds K           score each trial by cross-validation with K folds
      --set PATH=VALUE    change another value of the recipe; repeatable
      --seed N            seed of the drawn values (default: 1)
      --output DIR        the search's folder (default: searches/ plus the recipe's name)
      --resume DIR        resume the search in this folder; --trials may be larger than before
      --threads N         number of threads; does not affect results

    Choose by validation rows or folds, not by the test rows, and test the best recipe once at the end.
    """

  private let arguments: Arguments
  private let variations: [Variation]
  private let method: SearchMethod

  init(parsing arguments: [String]) throws {
    var valued = ["vary": true, "set": true]
    for name in ["trials", "method", "monitor", "folds", "seed", "output", "resume", "threads"] { valued[name] = false }
    self.arguments = try Arguments(arguments, valued: valued, flags: [])
    _ = try self.arguments.integer("trials", atLeast: 1, atMost: Search.mostTrials)
    for (name, least) in [("folds", 2), ("seed", 0), ("threads", 1)] {
      _ = try self.arguments.integer(name, atLeast: least)
    }
    do { variations = try self.arguments.all("vary").map(Variation.init) } catch let error as SearchError {
      throw UsageError("--vary: \(error)")
    }
    let name = self.arguments.value("method") ?? "random"
    guard let method = SearchMethod(rawValue: name) else {
      let known = SearchMethod.allCases.map(\.rawValue)
      throw UsageError("--method: expected \(known.joined(separator: ", ")), found '\(name)'")
    }
    self.method = method
    if self.arguments.value("resume") != nil {
      for option in ["vary", "set", "method", "monitor", "folds", "seed", "output"]
      where self.arguments.value(option) != nil {
        throw UsageError("--\(option) cannot be combined with --resume")
      }
      guard self.arguments.positional.isEmpty else { throw UsageError("--resume needs no recipe") }
    } else {
      guard self.arguments.positional.count == 1 else { throw UsageError("expected a recipe's name or file") }
      guard !variations.isEmpty else {
        throw UsageError("nothing to vary; add --vary, such as --vary optimizer.learningRate=log:1e-4..1e-1")
      }
    }
  }

  func run(_ surroundings: Surroundings) throws {
    if let threads = try arguments.integer("threads", atLeast: 1) { Threads.set(threads) }
    var search = try search(surroundings)
    let (variations, monitor, trials) = (search.variations, search.monitor, search.trials)
    Interrupt.watch()
    defer { Interrupt.unwatch() }
    let isDone = try search.run(
      observer: { index, result in
        let values = zip(variations, result.values).map { "\($0.path)=\($1.plain)" }.joined(separator: "  ")
        let score = result.score.map { "\(monitor) \($0.fixed(4))" } ?? "failed: \(result.failure ?? "")"
        Terminal.print("trial \(index + 1)/\(trials)  \(values)  \(score)")
      }, shouldStop: { Interrupt.isPending })
    guard isDone else {
      throw Stopped(
        description: "interrupted and saved; resume with: aviary search --resume \(Invocation.quoted(search.output))")
    }
    guard let best = search.best else {
      throw Stopped(description: "all trials failed; see \(search.output)/trials.csv")
    }
    let values = zip(search.variations, best.values).map { "\($0.path)=\($1.plain)" }.joined(separator: "  ")
    Terminal.print("best: \(values)  \(search.monitor) \(best.score.map { $0.fixed(4) } ?? "")")
    Terminal.print("see \(search.output)/report.html and trials.csv")
    Terminal.print("train it: aviary train \(Invocation.quoted("\(search.output)/best.json"))")
  }

  private struct Stopped: Error, CustomStringConvertible {
    let description: String
  }

  private func search(_ surroundings: Surroundings) throws -> Search {
    let trials = try arguments.integer("trials", atLeast: 1)
    if let folder = arguments.value("resume") {
      return try Search(resuming: folder, trials: trials, in: surroundings.registries)
    }
    var recipe = try surroundings.recipe(arguments.positional[0])
    try recipe.set(arguments.all("set"))
    return try Search(
      of: recipe, varying: variations, method: method, trials: trials ?? 20, monitor: arguments.value("monitor"),
      folds: arguments.integer("folds", atLeast: 2), seed: UInt64(arguments.integer("seed", atLeast: 0) ?? 1),
      output: arguments.value("output") ?? "searches/\(recipe.name)", in: surroundings.registries)
  }
}
