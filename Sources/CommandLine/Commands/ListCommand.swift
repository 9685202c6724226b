import Aviary

/// `aviary list`: what can be picked by name.
struct ListCommand: Command {
  static let name = "list"
  static let summary = "Lists what can be picked by name: recipes, models, optimizers, layers …"
  static let usage = """
    aviary list [KIND]

    A line an entry, the name first; without a kind, all entries with their kinds. Kinds: recipe, model, optimizer, …
    """

  private let kind: String?

  init(parsing arguments: [String]) throws {
    let arguments = try Arguments(arguments, valued: [:], flags: [])
    guard arguments.positional.count <= 1 else { throw UsageError("one kind at a time") }
    kind = arguments.positional.first
  }

  func run(_ surroundings: Surroundings) throws {
    let registries = surroundings.registries
    let recipes = surroundings.recipes.map { [$0.name, "recipe", $0.summary] }
    guard let kind else {
      let entries = registries.kinds.flatMap { registries.entries(ofKind: $0.name) }
      return print(recipes + entries.map { [$0.name, $0.kind, $0.card.summary] })
    }
    if ["recipe", "recipes"].contains(kind) { return print(recipes.map { [$0[0], $0[2]] }) }
    let entries = registries.entries(ofKind: kind)
    guard !entries.isEmpty else {
      throw UnknownName("kind", kind, known: ["recipes"] + registries.kinds.map(\.plural))
    }
    print(entries.map { [$0.name, $0.card.summary] })
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
