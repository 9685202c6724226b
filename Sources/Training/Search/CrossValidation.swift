import AviaryCore
import AviaryData
import AviaryRegistry

/// The scores of a recipe on each of k folds, each tested by a model that was trained on the others.
///
/// ```swift
/// let found = try CrossValidation(of: recipe, folds: 5, output: "cv/fonts", in: .standard)
/// for (name, score) in found.scores { print(name, score.mean, score.deviation) }
/// ```
///
/// Everything that learns from rows (transforms, vocabularies, the model) learns from the training rows of its fold alone. A
/// fold is a run in its own folder; finished folds are not repeated, and an interrupted one is resumed.
public struct CrossValidation: Sendable {
  /// A score over the folds.
  public struct Score: Sendable, Equatable {
    /// The values by fold.
    public let values: [Double]
    /// Their mean.
    public var mean: Double { values.reduce(0, +) / Double(values.count) }
    /// Their standard deviation, divided by the number of folds minus 1; 0 for one fold.
    public var deviation: Double {
      guard values.count > 1 else { return 0 }
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(values.count - 1)).squareRoot()
    }
  }

  /// The test rows' scores by name: `"loss"`, `"accuracy"`.
  public let scores: [String: Score]
  /// The number of folds.
  public let folds: Int
  /// Whether it was stopped before its end.
  public let isInterrupted: Bool

  /// Trains and tests each fold.
  ///
  /// - Parameters:
  ///   - recipe: the recipe; its split is replaced by `k-fold`, which keeps the split's fraction of validation rows.
  ///   - folds: the number of folds; nil for one per row.
  ///   - order: how rows are assigned to folds.
  ///   - output: the folder of the folds' runs `fold-1`, `fold-2` …; nil saves nothing.
  ///   - registries: the registries to look up names in.
  ///   - options: what the trainings have in common; its output is ignored.
  ///   - observer: called with a fold's number and its scores once it is done.
  ///   - shouldStop: called after each batch.
  /// - Throws: what a training throws.
  public init(
    of recipe: Recipe, folds: Int? = 5, order: KFoldSplit.Order = .random, output: String? = nil,
    in registries: Registries, options: Trainer.Options = Trainer.Options(),
    observer: (Int, [String: Double]) throws -> Void = { _, _ in }, shouldStop: () -> Bool = { false }
  ) throws {
    self.folds = try folds ?? Self.rowCount(of: recipe, order, in: registries, options)
    var values: [[String: Double]] = []
    for fold in 1...max(1, self.folds) {
      let changed = try recipe.testing(fold: fold, of: folds, order)
      let run = try Trial(
        changed, output: output.map { "\($0)/fold-\(fold)" }, in: registries, options, shouldStop)
      guard let scores = run.scores["test"]?.values, !run.isInterrupted else { break }
      values.append(scores)
      try observer(fold, scores)
    }
    isInterrupted = values.count < self.folds
    let names = Set(values.flatMap(\.keys))
    scores = Dictionary(
      uniqueKeysWithValues: names.map { name in (name, Score(values: values.compactMap { $0[name] })) })
  }

  /// The number of folds of leave-one-out.
  private static func rowCount(
    of recipe: Recipe, _ order: KFoldSplit.Order, in registries: Registries, _ options: Trainer.Options
  ) throws -> Int {
    let data = try recipe.resolved(in: registries).prepare(folder: options.dataFolder, file: options.dataFile)
    let count = data.parts.reduce(0) { $0 + $1.set.count }
    return order == .ordered ? count - 1 : count
  }
}

extension Recipe {
  /// The recipe with a fold as its test rows.
  func testing(fold: Int, of folds: Int?, _ order: KFoldSplit.Order) throws -> Recipe {
    var recipe = self
    let validation = document["split"]?["validation"]?.numberValue ?? 0
    try recipe.set(
      ConfigurationPath([.key("split")]),
      to: [
        "name": "k-fold", "folds": folds.map { .integer($0) } ?? .null, "fold": .integer(fold),
        "order": .string(order.rawValue), "validation": .number(validation),
      ])
    return recipe
  }
}

/// A training that starts a run, resumes it, or reads it if it has finished.
struct Trial {
  let scores: [String: Measurement]
  let epochs: Int
  let isInterrupted: Bool

  init(
    _ recipe: Recipe, output: String?, epochs: Int? = nil, measuring part: String = "test", in registries: Registries,
    _ options: Trainer.Options, _ shouldStop: () -> Bool
  ) throws {
    var options = options
    options.output = output
    options.measuresWhenStopped = false
    let trainer: Trainer
    if let output, RunFolder.holdsRun(output) {
      try Self.check(output, holds: recipe, in: registries)
      options.epochs = epochs
      trainer = try Trainer(resuming: output, in: registries, options: options)
    } else {
      var recipe = recipe
      if let epochs { try recipe.setLastStageEpochs(epochs, in: registries) }
      trainer = try Trainer(recipe, in: registries, options: options)
    }
    guard trainer.data.parts.contains(where: { $0.name == part }) else {
      throw SearchError("the recipe has no \(part) rows to compare by; set split.validation=0.2, or use folds")
    }
    let result = try trainer.run(shouldStop: shouldStop)
    (scores, isInterrupted, self.epochs) = (result.scores, result.isInterrupted, result.epochs)
  }

  /// Throws if the folder's run is one of another recipe. Epochs may grow, and metrics that cannot be measured are left out.
  private static func check(_ folder: String, holds recipe: Recipe, in registries: Registries) throws {
    let saved = try RunFolder(existing: folder).recipe().resolved(in: registries)
    let paths = saved.changes(from: recipe, in: registries).map(\.path).filter { path in
      !["epochs", "metrics"].contains { path.hasSuffix($0) } && !path.hasPrefix("files")
    }
    guard paths.isEmpty else {
      throw SearchError("\(folder): it holds a run with another \(paths.listed(atMost: 4)); choose another folder")
    }
  }
}
