import Aviary
import Foundation

/// `aviary compare`: compares runs.
struct CompareCommand: Command {
  static let name = "compare"
  static let summary = "Compares runs: scores with intervals, differing settings, curves, and a test for classifiers."
  static let usage = """
    aviary compare RUN RUN [RUN …] [options]

    Accuracies on test rows have 95 % intervals (Wilson). For two classifiers with the same test rows, McNemar's test tells
    whether they differ by more than chance.

      --output FILE   the page with all tables and curves (default: comparison.html)
      --threads N     number of threads
    """

  private let arguments: Arguments

  init(parsing arguments: [String]) throws {
    self.arguments = try Arguments(arguments, valued: ["output": false, "threads": false], flags: [])
    guard 2...RunComparison.mostRuns ~= self.arguments.positional.count else {
      throw UsageError("expected the folders of 2 to \(RunComparison.mostRuns) runs")
    }
    if let output = self.arguments.value("output"), !output.hasSuffix(".html") {
      throw UsageError("--output: expected a name that ends in .html, found '\(output)'")
    }
    _ = try self.arguments.integer("threads", atLeast: 1)
  }

  func run(_ surroundings: Surroundings) throws {
    if let threads = try arguments.integer("threads", atLeast: 1) { Threads.set(threads) }
    let comparison = try RunComparison(of: arguments.positional, in: surroundings.registries)
    let names = comparison.scoreNames.filter { $0.hasPrefix("test.") }
    print(
      [["", "run", "epochs"] + names]
        + comparison.members.map { member in
          [member.letter, member.folder, "\(member.run.epochs)"] + names.map { comparison.score($0, of: member) }
        })
    if !comparison.differences.isEmpty {
      Terminal.print("")
      print(
        [["setting"] + comparison.members.map(\.letter)]
          + comparison.differences.map { [$0.path] + $0.values.map { String(($0 ?? "–").prefix(40)) } })
    }
    if !comparison.verdicts.isEmpty { Terminal.print("") }
    for verdict in comparison.verdicts { Terminal.print(verdict) }
    let output = arguments.value("output") ?? "comparison.html"
    try AtomicFile.write(comparison.html(), to: output)
    Terminal.print("see \(output)")
  }

  /// A table in columns.
  private func print(_ rows: [[String]]) {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      var line = zip(row, widths).map { $0.padded($1) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      Terminal.print(line)
    }
  }
}
