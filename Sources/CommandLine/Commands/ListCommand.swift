import Aviary
import Foundation

/// `aviary list`: everything that can be used by name.
struct ListCommand: Command {
  static let name = "list"
  static let summary = "Lists recipes, models, optimizers, layers, … and your runs."
  static let usage = """
    aviary list [KIND] [--tag TAG]
    aviary list runs [FOLDER]

    Prints one line per entry; without a kind, all entries with their kinds: recipes, models, optimizers, layers, …
    'runs' lists the runs in a folder (default: runs), newest first: recipe, state, epochs, last score, date.

      --tag TAG   only entries with this tag: generative, classifier, image, embedded, …; see 'aviary describe'
    """

  private let kind: String?
  private let tag: String?
  /// The folder of runs.
  private let folder: String?

  init(parsing arguments: [String]) throws {
    let arguments = try Arguments(arguments, valued: ["tag": false], flags: [])
    let words = arguments.positional
    guard words.count <= 1 || words[0] == "runs" && words.count == 2 else {
      throw UsageError("expected one kind at a time")
    }
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
      guard tag == nil else { throw UsageError("recipes have no tags, but their models do: list models --tag …") }
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
        Invocation.respelled("there is no folder 'runs' here; train a recipe first: aviary train fonts-cnn"))
    }
    let place = folder ?? "runs"
    let runs: [RunListing]
    do { runs = try RunListing.all(in: place) } catch {
      throw TrainingError.folder(place, "cannot read it as a folder of runs")
    }
    guard !runs.isEmpty else { return Terminal.print("no runs in \(place)") }
    print([RunListing.heading] + runs.map(\.row))
  }

  /// The entries that have the tag, if one is given.
  private func tagged(_ entries: [Entry]) throws -> [Entry] {
    guard let tag else { return entries }
    let found = entries.filter { $0.card.tags.contains(tag) }
    guard !found.isEmpty else {
      let known = Set(entries.flatMap(\.card.tags)).sorted()
      throw UnknownName("tag", tag, known: known, remedy: known.isEmpty ? "no entries of this kind have tags" : nil)
    }
    return found
  }

  /// Prints the rows in aligned columns.
  private func print(_ rows: [[String]]) {
    let last = (rows.first?.count ?? 1) - 1
    let widths = (0..<last).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      Terminal.print(zip(row, widths).map { $0.padded($1) + "  " }.joined() + row[last])
    }
  }
}
