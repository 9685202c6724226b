import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A search for the settings of a recipe that give the best score. It can be resumed from its folder.
///
/// ```swift
/// var search = try Search(
///   of: recipe, varying: [Variation(parsing: "optimizer.learningRate=log:1e-4..1e-1")], trials: 40,
///   monitor: "validation.loss", output: "searches/rate", in: .standard)
/// try search.run()
/// print(search.best?.values ?? [], search.best?.score ?? .nan)
/// ```
///
/// Each trial is a run in `trial-1`, `trial-2` … of the folder. `search.json` holds the search and all results, `trials.csv` the
/// results as a table, `best.json` the best recipe, and `report.html` charts. The same seed gives the same trials, even after a
/// kill. A failed trial is recorded with its reason.
public struct Search: Sendable {
  /// The outcome of a trial.
  public struct Result: Sendable, Equatable {
    /// A value for each variation.
    public var values: [ConfigurationValue]
    /// The score after each round: one, or those of halving.
    public var rounds: [Double] = []
    /// The epochs of training, over all folds.
    public var epochs = 0
    /// Why it failed; nil if it did not.
    public var failure: String?
    /// The last score.
    public var score: Double? { failure == nil ? rounds.last : nil }
  }

  public let recipe: Recipe
  public let variations: [Variation]
  public let method: SearchMethod
  /// The number of trials; for a grid, all combinations.
  public private(set) var trials: Int
  public let seed: UInt64
  /// The score to compare, named as in `metrics.csv`: `validation.loss`; with folds, that of the test rows.
  public let monitor: String
  /// The number of folds of each trial's cross-validation; nil for one training with the recipe's split.
  public let folds: Int?
  /// The folder.
  public let output: String
  /// The trials so far.
  public private(set) var results: [Result] = []
  private let registries: Registries
  private let options: Trainer.Options

  /// The best trial so far: of those trained longest, the one with the best score.
  public var best: Result? {
    let longest = results.filter { $0.score != nil }.map(\.rounds.count).max()
    return results.filter { $0.score != nil && $0.rounds.count == longest }.min { isBetter($0, $1) }
  }

  /// Begins a search. Nothing is written before its first trial.
  ///
  /// - Parameters:
  ///   - recipe: the recipe to vary.
  ///   - variations: the values to vary, at least one.
  ///   - method: how to choose values.
  ///   - trials: the number of trials; ignored by a grid.
  ///   - monitor: the score; by default `validation.loss`, or `test.loss` with folds.
  ///   - folds: the number of folds of cross-validation.
  ///   - seed: the seed of the draws.
  ///   - output: the folder.
  ///   - registries: the registries to look up names in.
  ///   - options: what the trainings have in common.
  /// - Throws: ``SearchError`` if the search makes no sense, and what is wrong with the recipe.
  public init(
    of recipe: Recipe, varying variations: [Variation], method: SearchMethod = .random, trials: Int = 20,
    monitor: String? = nil, folds: Int? = nil, seed: UInt64 = 1, output: String, in registries: Registries,
    options: Trainer.Options = Trainer.Options()
  ) throws {
    guard !variations.isEmpty else { throw SearchError("nothing to vary; give at least one variation") }
    if let twice = Dictionary(grouping: variations, by: \.path).first(where: { $0.value.count > 1 }) {
      throw SearchError("'\(twice.key)' is varied twice")
    }
    guard trials > 0, folds ?? 2 > 1 else { throw SearchError("a search needs at least 1 trial and 2 folds") }
    self.trials = trials
    if method == .grid {
      guard let size = Self.gridSize(variations), size <= Self.mostTrials else {
        throw SearchError(
          "the grid has more than \(Self.mostTrials) combinations; use fewer values, or the method random")
      }
      self.trials = size
    }
    self.recipe = recipe
    self.variations = variations
    self.method = method
    self.seed = seed
    self.folds = folds
    self.monitor = monitor ?? (folds == nil ? "validation.loss" : "test.loss")
    self.output = output
    self.registries = registries
    self.options = options
    try checkMonitor()
    // What is wrong in every trial is said at once.
    _ = try self.recipe(for: Result(values: proposal(0))).resolved(in: registries)
  }

  /// The most trials.
  public static let mostTrials = 100_000

  /// Throws if no part or metric has the monitor's name.
  private func checkMonitor() throws {
    let resolved = try recipe.resolved(in: registries)
    let measured = resolved.stages.last?.measured ?? []
    let parts = folds == nil ? ["validation", "test", "train"] : ["test"]
    let known = parts.flatMap { part in measured.map { "\(part).\($0)" } }
    guard known.contains(monitor) else {
      throw SearchError("no score '\(monitor)'; \(Suggestion.hint(for: monitor, known: known))")
    }
  }

  /// Whether a result is better than another: by rounds, then by score; failures come last.
  func isBetter(_ one: Result, _ other: Result) -> Bool {
    guard let a = one.score, let b = other.score else { return one.score != nil }
    let sign = Monitor(monitor).sign
    return a * sign < b * sign
  }

  /// The recipe of a trial.
  public func recipe(for result: Result) throws -> Recipe {
    var changed = recipe
    try changed.set(zip(variations, result.values).map { "\($0.path)=\($1.json())" })
    return changed
  }

  /// Runs the remaining trials.
  ///
  /// - Parameters:
  ///   - observer: called with a trial's index and result once it is done.
  ///   - shouldStop: called after each batch.
  /// - Returns: false if it was stopped.
  /// - Throws: if the folder cannot be written. What a trial throws becomes its result.
  @discardableResult
  public mutating func run(
    observer: (Int, Result) throws -> Void = { _, _ in }, shouldStop: () -> Bool = { false }
  ) throws -> Bool {
    try prepareFolder()
    let rounds: [Int?] = method == .halving ? try Self.rounds(trials: trials, epochs: fullEpochs()) : [nil]
    var members = Array(0..<trials)
    for (round, epochs) in rounds.enumerated() {
      for index in members {
        if index == results.count { results.append(Result(values: proposal(index))) }
        guard results[index].rounds.count <= round, results[index].failure == nil else { continue }
        guard let found = try outcome(of: index, epochs, shouldStop) else { return false }
        results[index] = found
        try save()
        try observer(index, found)
      }
      let ranked = members.filter { results[$0].score != nil }.sorted {
        isBetter(results[$0], results[$1]) || !isBetter(results[$1], results[$0]) && $0 < $1
      }
      members = Array(ranked.prefix(max(1, members.count / SearchMethod.keptShare))).sorted()
    }
    try save()
    return true
  }

  private func fullEpochs() throws -> Int { try recipe.resolved(in: registries).stages.last?.settings.epochs ?? 1 }

  /// Trains a trial or resumes it; nil if it was stopped.
  private func outcome(of index: Int, _ epochs: Int?, _ shouldStop: () -> Bool) throws -> Result? {
    var result = results[index]
    let folder = "\(output)/trial-\(index + 1)"
    let name = monitor.split(separator: ".", maxSplits: 1).map(String.init)
    do {
      let changed = try self.recipe(for: result)
      var scores: [Double] = []
      result.epochs = 0
      for fold in 1...(folds ?? 1) {
        let run = try Trial(
          folds.map { try changed.testing(fold: fold, of: $0, .random) } ?? changed,
          output: folds == nil ? folder : "\(folder)/fold-\(fold)", epochs: epochs, measuring: name[0], in: registries,
          options, shouldStop)
        if run.isInterrupted { return nil }
        guard let score = run.scores[name[0]]?.values[name[1]] else {
          throw ModelError("the training did not measure \(monitor)")
        }
        scores.append(score)
        result.epochs += run.epochs
      }
      let mean = scores.reduce(0, +) / Double(scores.count)
      if mean.isFinite { result.rounds.append(mean) } else { result.failure = "the score is \(mean)" }
    } catch let error as SearchError {
      throw error
    } catch {
      result.failure = "\(error)".split(separator: "\n").joined(separator: " ")
    }
    return result
  }
}

extension Search {
  private static let file = "search.json"

  /// Resumes a search from its folder; unfinished trials continue from their last save.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - trials: a larger number of trials; nil for the original one.
  ///   - registries: the registries to look up names in.
  ///   - options: what the trainings have in common.
  /// - Throws: ``SearchError`` if the folder holds no search, or its file is damaged.
  public init(
    resuming folder: String, trials: Int? = nil, in registries: Registries, options: Trainer.Options = Trainer.Options()
  ) throws {
    let path = "\(folder)/\(Self.file)"
    guard FileManager.default.fileExists(atPath: path) else {
      throw SearchError("\(folder): not a search: it has no \(Self.file)")
    }
    let document = try ConfigurationValue(parsing: FileBytes.read(path), source: path)
    func fail(_ key: String) -> SearchError { SearchError("\(path): '\(key)' is missing or not what a search has") }
    guard let recipe = document["recipe"], recipe.objectValue != nil else { throw fail("recipe") }
    guard let texts = document["vary"]?.arrayValue?.compactMap(\.stringValue) else { throw fail("vary") }
    guard let method = document["method"]?.stringValue.flatMap(SearchMethod.init) else { throw fail("method") }
    guard let count = document["trials"]?.integerValue, 1...Self.mostTrials ~= count else { throw fail("trials") }
    guard let seed = document["seed"]?.integerValue, seed >= 0 else { throw fail("seed") }
    let folds = document["folds"]?.integerValue
    if let trials, trials < count || trials > count && [.grid, .halving].contains(method) {
      throw SearchError(
        "\(folder): begun with \(count) trials; \(trials < count ? "their number can only grow" : "the method \(method.rawValue) cannot add any")"
      )
    }
    try self.init(
      of: Recipe(recipe, source: path, folder: document["folder"]?.stringValue), varying: texts.map(Variation.init),
      method: method, trials: trials ?? count, monitor: document["monitor"]?.stringValue, folds: folds,
      seed: UInt64(seed), output: folder, in: registries, options: options)
    for value in document["results"]?.arrayValue ?? [] {
      guard let values = value["values"]?.arrayValue, values.count == variations.count,
        let epochs = value["epochs"]?.integerValue, let rounds = value["rounds"]?.arrayValue?.compactMap(\.numberValue)
      else { throw fail("results") }
      results.append(
        Result(values: values, rounds: rounds, epochs: epochs, failure: value["failure"]?.stringValue))
    }
    guard results.count <= self.trials else { throw fail("results") }
  }

  /// Creates the folder. Throws if it holds another search.
  private func prepareFolder() throws {
    let path = "\(output)/\(Self.file)"
    if results.isEmpty, FileManager.default.fileExists(atPath: path) {
      throw SearchError("\(output): it already holds a search; resume it, or choose another folder")
    }
    do { try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true) } catch {
      throw SearchError("\(output): cannot create the folder: \(error.localizedReason)")
    }
    try save()
  }

  /// Writes the search, its table, its best recipe and its page.
  private func save() throws {
    let document: ConfigurationValue = [
      "version": 1, "recipe": recipe.document, "folder": recipe.folder.map { .string($0) } ?? .null,
      "vary": .array(variations.map { .string($0.text) }), "method": .string(method.rawValue),
      "trials": .integer(trials), "seed": .integer(Int(seed)), "monitor": .string(monitor),
      "folds": folds.map { .integer($0) } ?? .null,
      "results": .array(
        results.map { result in
          [
            "values": .array(result.values), "rounds": .array(result.rounds.map { .number($0) }),
            "epochs": .integer(result.epochs), "failure": result.failure.map { .string($0) } ?? .null,
          ]
        }),
    ]
    try AtomicFile.write(document.json(prettyPrinted: true) + "\n", to: "\(output)/\(Self.file)")
    try AtomicFile.write(table(), to: "\(output)/trials.csv")
    try AtomicFile.write(html(), to: "\(output)/report.html")
    guard let best else { return }
    let chosen = try self.recipe(for: best).document.json(prettyPrinted: true)
    try AtomicFile.write(chosen + "\n", to: "\(output)/best.json")
  }

  /// A row per trial: its number, score, epochs, values, and the reason of a failure.
  public func table() -> String {
    func cell(_ text: String) -> String {
      guard text.contains(where: { ",\"\n".contains($0) }) else { return text }
      return "\"\(text.replacing("\"", with: "\"\""))\""
    }
    let head = ["trial", monitor, "epochs"] + variations.map(\.path) + ["failure"]
    let rows = results.enumerated().filter { !$1.rounds.isEmpty || $1.failure != nil }.map { index, result in
      ["\(index + 1)", result.score.map { "\($0)" } ?? "", "\(result.epochs)"] + result.values.map(\.plain)
        + [result.failure ?? ""]
    }
    return ([head] + rows).map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
  }
}
