import Aviary
import Foundation

/// `aviary evaluate`: evaluates a run's model.
struct EvaluateCommand: Command {
  static let name = "evaluate"
  static let summary = "Evaluates a run's model on its own data or on a file."
  static let usage = """
    aviary evaluate RUN [options]

      --data FILE     evaluate on all rows of this file, unless the run was trained on it; columns and classes are
                      matched by name to those of the training data
      --monte-carlo N average N passes with dropout on (up to 10000) and report their variance
      --likelihood N  also report the mean log-likelihood: exact if tractable, otherwise estimated by annealed
                      importance sampling with N temperatures (30 to 1000000), with an interval of ±3 standard errors
      --threads N     number of threads
      --json          print the result as one JSON object
    """

  private let arguments: Arguments
  private let folder: String

  init(parsing arguments: [String]) throws {
    self.arguments = try Arguments(
      arguments, valued: ["data": false, "monte-carlo": false, "likelihood": false, "threads": false], flags: ["json"])
    guard self.arguments.positional.count == 1 else { throw UsageError("expected the folder of one run") }
    folder = self.arguments.positional[0]
    _ = try self.arguments.integer("threads", atLeast: 1)
    _ = try self.arguments.integer("monte-carlo", atLeast: 1, atMost: 10_000)
    _ = try self.arguments.integer("likelihood", atLeast: 30, atMost: 1_000_000)
  }

  func run(_ surroundings: Surroundings) throws {
    if let threads = try arguments.integer("threads", atLeast: 1) { Threads.set(threads) }
    let began = ContinuousClock.now
    let finished = try FinishedRun(folder, in: surroundings.registries)
    let (found, notes) = try finished.scoresAndNotes(
      file: arguments.value("data"), samples: arguments.integer("monte-carlo", atLeast: 1))
    var scores = found
    for note in notes { Terminal.error("note: \(ErrorText.shortened(note.oneLine))") }
    if let temperatures = try arguments.integer("likelihood", atLeast: 30) {
      let likelihoods = try finished.logLikelihoods(file: arguments.value("data"), temperatures: temperatures)
      for (part, likelihood) in likelihoods {
        scores[part]?.values["log-likelihood"] = likelihood.value
        scores[part]?.values["log-likelihood-least"] = likelihood.interval?.lowerBound
        scores[part]?.values["log-likelihood-most"] = likelihood.interval?.upperBound
      }
    }
    let summary = RunSummary(
      run: folder, epochs: finished.epochs, scores: scores, seconds: (ContinuousClock.now - began).seconds)
    Terminal.print(arguments.has("json") ? summary.json : summary.text)
  }
}
