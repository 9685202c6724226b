import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// A comparison of runs: scores with intervals, the settings that differ, and whether classifiers differ by more than chance.
///
/// ```swift
/// let comparison = try RunComparison(of: ["runs/fonts-cnn", "runs/fonts-mlp"], in: .standard)
/// try AtomicFile.write(comparison.html(), to: "comparison.html")
/// ```
public struct RunComparison: Sendable {
  /// One of the runs.
  public struct Member: Sendable {
    /// A letter for charts and tables: A, B, ….
    public let letter: String
    public let folder: String
    public let run: FinishedRun
    /// The scores by part.
    public let scores: [String: Measurement]
    /// A classifier's labels and answers for the test rows; nil for other models.
    public let answers: (labels: [Int], predicted: [Int])?
  }

  /// A setting that differs between runs.
  public struct Difference: Sendable, Equatable {
    public let path: String
    /// The value in each run; nil where it has none.
    public let values: [String?]
  }

  public let members: [Member]
  public let differences: [Difference]

  /// The most runs, one for each letter.
  public static let mostRuns = 26

  /// Loads runs and measures them.
  ///
  /// - Parameters:
  ///   - folders: the runs' folders, from 2 to 26.
  ///   - registries: the registries to look up names in.
  ///   - dataFolder: the folder of file-based data sets; see ``FinishedRun``.
  /// - Throws: if a folder holds no run, or its data is not there.
  public init(of folders: [String], in registries: Registries, dataFolder: String? = nil) throws {
    guard 2...Self.mostRuns ~= folders.count else {
      throw ModelError("a comparison takes 2 to \(Self.mostRuns) runs, not \(folders.count)")
    }
    members = try folders.enumerated().map { index, folder in
      let run = try FinishedRun(folder, in: registries, dataFolder: dataFolder)
      let letter = String(UnicodeScalar(UInt8(65 + index)))
      return Member(
        letter: letter, folder: folder, run: run, scores: try run.scores(), answers: try run.testAnswers())
    }
    let documents = members.map(\.run.recipe.document)
    let paths = documents.dropFirst().flatMap { document in
      RecipeChange.all(from: documents[0], to: document).map(\.path)
    }
    var seen = Set(["name", "summary"])
    differences = paths.filter { seen.insert($0).inserted }.map { path in
      Difference(
        path: path,
        values: documents.map { Self.value(at: path, in: $0)?.plain })
    }
  }

  /// The value at a path, in which elements of lists are named or numbered.
  private static func value(at path: String, in document: ConfigurationValue) -> ConfigurationValue? {
    path.split(separator: ".").reduce(document) { value, key in
      guard let list = value?.arrayValue else { return value?[String(key)] }
      return list.first { $0["name"]?.stringValue == String(key) } ?? Int(key).flatMap { value?[$0] }
    }
  }

  /// The names of all scores, as in `metrics.csv`.
  public var scoreNames: [String] {
    let names = members.flatMap { member in
      member.scores.flatMap { part, score in score.values.keys.map { "\(part).\($0)" } }
    }
    return Set(names).sorted { ($0.hasSuffix(".loss") ? 1 : 0, $0) < ($1.hasSuffix(".loss") ? 1 : 0, $1) }
  }

  /// A run's score; the accuracy on test rows comes with its 95 % interval.
  public func score(_ name: String, of member: Member) -> String {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard let value = member.scores[parts[0]]?.values[parts[1]] else { return "" }
    guard name == "test.accuracy", let answers = member.answers else { return value.fixed(4) }
    let right = zip(answers.labels, answers.predicted).count { $0 == $1 }
    let interval = wilsonInterval(successes: right, of: answers.labels.count)
    return "\(value.fixed(4)) [\(interval.lowerBound.fixed(4)), \(interval.upperBound.fixed(4))]"
  }

  /// A sentence for each pair of classifiers with the same test rows.
  public var verdicts: [String] {
    var verdicts: [String] = []
    for (place, one) in members.enumerated() {
      for other in members[(place + 1)...] {
        guard let a = one.answers, let b = other.answers, !a.labels.isEmpty, a.labels == b.labels else { continue }
        let test = McNemarTest(labels: a.labels, first: a.predicted, second: b.predicted)
        let p = test.pValue
        verdicts.append(
          "\(one.letter) alone is right for \(test.first) of \(a.labels.count) test rows, \(other.letter) alone for "
            + "\(test.second): p = \(p < 0.0001 ? "below 0.0001" : p.fixed(4)) by McNemar's test"
            + (p < 0.05 ? "" : ", which may be chance"))
      }
    }
    return verdicts
  }
}

extension FinishedRun {
  /// A classifier's labels and answers for the test rows, in their order; nil for other models.
  func testAnswers() throws -> (labels: [Int], predicted: [Int])? {
    guard let stage = recipe.stages.last, task.classes != nil, !task.labelsSteps,
      let set = try stage.view(of: trainingData(), through: model).parts.first(where: { $0.name == "test" })?.set
    else { return nil }
    let part = try stage.part(of: model)
    var (labels, predicted): ([Int], [Int]) = ([], [])
    for (index, batch) in BatchLoader(set, batchSize: Stage.measuredAtOnce).enumerated() {
      let context = Context(.inference, random: RandomSource(seed: 0)["measure"].at(step: index))
      let found = try stage.objective.assess(part, batch, context)
      guard let predictions = found.predictions, let targets = found.targets, targets.dtype == .int64,
        let answers = predictedLabels(predictions)
      else { return nil }
      labels += targets.scalars(as: Int.self)
      predicted += answers.scalars(as: Int.self)
    }
    return (labels, predicted)
  }
}
