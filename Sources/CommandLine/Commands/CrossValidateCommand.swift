import Aviary
import Foundation

/// `aviary cross-validate`: trains and tests a recipe on each of k folds.
struct CrossValidateCommand: Command {
  static let name = "cross-validate"
  static let summary = "Trains and tests a recipe on each of k folds, and reports mean and spread."
  static let usage = """
    aviary cross-validate RECIPE|FILE [options]

      --folds K         number of folds, or leave-one-out (default: 5)
      --order WHICH     random; stratified: classes as frequent in each fold as in all rows; ordered: for time series, earlier
                        rows train and later ones test (default: random)
      --set PATH=VALUE  change a value of the recipe; repeatable
      --output DIR      the folder of the folds' runs (default: folds/ plus the recipe's name); what is done there already
                        is not repeated
      --threads N       number of threads; does not affect results
      --json            print the result as one JSON object
    """

  private let arguments: Arguments
  private let order: KFoldSplit.Order
  private let folds: Int?

  init(parsing arguments: [String]) throws {
    let valued = ["folds": false, "order": false, "set": true, "output": false, "threads": false]
    self.arguments = try Arguments(arguments, valued: valued, flags: ["json"])
    guard self.arguments.positional.count == 1 else { throw UsageError("expected a recipe's name or file") }
    folds =
      self.arguments.value("folds") == "leave-one-out" ? nil : try self.arguments.integer("folds", atLeast: 2) ?? 5
    let name = self.arguments.value("order") ?? "random"
    guard let order = KFoldSplit.Order(rawValue: name) else {
      let known = KFoldSplit.Order.allCases.map(\.rawValue)
      throw UsageError("--order: expected \(known.joined(separator: ", ")), found '\(name)'")
    }
    self.order = order
    _ = try self.arguments.integer("threads", atLeast: 1)
  }

  func run(_ surroundings: Surroundings) throws {
    if let threads = try arguments.integer("threads", atLeast: 1) { Threads.set(threads) }
    var recipe = try surroundings.recipe(arguments.positional[0])
    try recipe.set(arguments.all("set"))
    let output = arguments.value("output") ?? "folds/\(recipe.name)"
    Interrupt.watch()
    defer { Interrupt.unwatch() }
    let isJSON = arguments.has("json")
    let found = try CrossValidation(
      of: recipe, folds: folds, order: order, output: output, in: surroundings.registries,
      observer: { fold, scores in
        let text = scores.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.fixed(4))" }.joined(separator: "  ")
        if !isJSON { Terminal.print("fold \(fold)  \(text)") }
      }, shouldStop: { Interrupt.isPending })
    guard !found.isInterrupted else {
      throw Stopped(description: "interrupted and saved; run the same command to continue")
    }
    let scores = found.scores.sorted { $0.key < $1.key }
    guard isJSON else {
      for (name, score) in scores {
        Terminal.print("\(name): \(score.mean.fixed(4)) ± \(score.deviation.fixed(4)) over \(found.folds) folds")
      }
      return
    }
    var object: ConfigurationObject = [:]
    for (name, score) in scores {
      object[name] = [
        "mean": .number(score.mean), "deviation": .number(score.deviation),
        "folds": .array(score.values.map { .number($0) }),
      ]
    }
    Terminal.print(ConfigurationValue.object(object).json())
  }

  private struct Stopped: Error, CustomStringConvertible {
    let description: String
  }
}
