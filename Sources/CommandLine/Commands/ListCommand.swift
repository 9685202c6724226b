import Aviary
import Foundation

/// `aviary list`: what can be picked by name.
struct ListCommand: Command {
  static let name = "list"
  static let summary = "Lists recipes, models, optimizers, layers … by name, and your runs."
  static let usage = """
    aviary list [KIND] [--tag TAG]
    aviary list runs [FOLDER]

    Shows a line for each entry; without a kind, all entries with their kinds. Kinds: recipes, models, optimizers, layers …
    'runs' shows the runs in a folder (runs), the latest first: recipe, state, epochs, last score, date.

      --tag TAG   only entries with this tag: generative, classifier, image, embedded …; 'aviary describe' shows tags
    """

  private let kind: String?
  private let tag: String?
  /// Where runs are looked for.
  private let folder: String?

  init(parsing arguments: [String]) throws {
    let arguments = try Arguments(arguments, valued: ["tag": false], flags: [])
    let words = arguments.positional
    guard words.count <= 1 || words[0] == "runs" && words.count == 2 else { throw UsageError("one kind at a time") }
    kind = words.first
    folder = words.count > 1 ? words[1] : nil
    tag = arguments.value("tag")
  }

  func run(_ surroundings: Surroundings) throws {
    let registries = surroundings.registries
    let recipes = surroundings.recipes.map { [$0.name, "recipe", $0.summary] }
    guard let kind else {
      let entries = try tagged(registries.kinds.flatMap { registries.entries(ofKind: $0.name) })
      return print((tag == nil ? recipes : []) + entries.map { [$0.name, $0.kind, $0.card.summary] })
    }
    if ["recipe", "recipes"].contains(kind) {
      guard tag == nil else { throw UsageError("recipes have no tags; their models have: list models --tag …") }
      return print(recipes.map { [$0[0], $0[2]] })
    }
    if kind == "runs" {
      guard tag == nil else { throw UsageError("runs have no tags") }
      return try listRuns()
    }
    let entries = registries.entries(ofKind: kind)
    guard !entries.isEmpty else {
      throw UnknownName("kind", kind, known: ["recipes", "runs"] + registries.kinds.map(\.plural))
    }
    print(try tagged(entries).map { [$0.name, $0.card.summary] })
  }

  private func listRuns() throws {
    guard folder != nil || FileManager.default.fileExists(atPath: "runs") else {
      return Terminal.print(
        Invocation.respelled("there is no folder 'runs' here; a training makes it: aviary train fonts-cnn"))
    }
    let place = folder ?? "runs"
    let runs: [RunListing]
    do { runs = try RunListing.all(in: place) } catch {
      throw TrainingError.folder(place, "expected a folder of runs; it cannot be read")
    }
    guard !runs.isEmpty else { return Terminal.print("there are no runs in \(place)") }
    print([RunListing.heading] + runs.map(\.row))
  }

  /// The entries that have the tag, if one is asked for.
  private func tagged(_ entries: [Entry]) throws -> [Entry] {
    guard let tag else { return entries }
    let found = entries.filter { $0.card.tags.contains(tag) }
    guard !found.isEmpty else {
      let known = Set(entries.flatMap(\.card.tags)).sorted()
      throw UnknownName("tag", tag, known: known, remedy: known.isEmpty ? "nothing of this kind has tags" : nil)
    }
    return found
  }

  /// A line a row, in columns.
  private func print(_ rows: [[String]]) {
    let last = (rows.first?.count ?? 1) - 1
    let widths = (0..<last).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      Terminal.print(zip(row, widths).map { $0.padded($1) + "  " }.joined() + row[last])
    }
  }
}
