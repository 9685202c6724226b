import Aviary

/// `aviary list`: what can be picked by name.
struct ListCommand: Command {
  static let name = "list"
  static let summary = "Lists what can be picked by name: recipes, models, optimizers, layers …"
  static let usage = """
    aviary list [KIND] [--tag TAG]

    A line an entry, the name first; without a kind, all entries with their kinds. Kinds: recipe, model, optimizer, …

      --tag TAG   Only what is tagged so: generative, classifier, image, embedded …; 'aviary describe' tells an entry's tags.
    """

  private let kind: String?
  private let tag: String?

  init(parsing arguments: [String]) throws {
    let arguments = try Arguments(arguments, valued: ["tag": false], flags: [])
    guard arguments.positional.count <= 1 else { throw UsageError("one kind at a time") }
    kind = arguments.positional.first
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
    let entries = registries.entries(ofKind: kind)
    guard !entries.isEmpty else {
      throw UnknownName("kind", kind, known: ["recipes"] + registries.kinds.map(\.plural))
    }
    print(try tagged(entries).map { [$0.name, $0.card.summary] })
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
