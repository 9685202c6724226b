import Aviary

/// `aviary list`: what can be picked by name.
struct ListCommand: Command {
  static let name = "list"
  static let summary = "Lists what can be picked by name: recipes, models, optimizers, layers …"
  static let usage = """
    aviary list [KIND]

    Without a kind, lists all; a line an entry, the name first. Kinds: recipe, model, optimizer, layer, …
    """

  private let kind: String?

  init(parsing arguments: [String]) throws {
    let arguments = try Arguments(arguments, valued: [:], flags: [])
    guard arguments.positional.count <= 1 else { throw UsageError("one kind at a time") }
    kind = arguments.positional.first
  }

  func run(_ surroundings: Surroundings) throws {
    let registries = surroundings.registries
    guard let kind else {
      print("recipes", surroundings.recipes.map { ($0.name, $0.summary) }, headed: true)
      for kind in registries.kinds {
        print(kind.plural, registries.entries(ofKind: kind.name).map { ($0.name, $0.card.summary) }, headed: true)
      }
      return
    }
    if ["recipe", "recipes"].contains(kind) {
      return print("recipes", surroundings.recipes.map { ($0.name, $0.summary) }, headed: false)
    }
    let entries = registries.entries(ofKind: kind)
    guard !entries.isEmpty else {
      let known = ["recipes"] + registries.kinds.map(\.plural)
      let near = Suggestion.nearest(to: kind, in: known).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("unknown kind '\(kind)'\(near) (\(known.joined(separator: ", ")))")
    }
    print(kind, entries.map { ($0.name, $0.card.summary) }, headed: false)
  }

  private func print(_ heading: String, _ rows: [(name: String, summary: String)], headed: Bool) {
    if headed { Terminal.print("\(heading):") }
    let width = rows.map(\.name.count).max() ?? 0
    let indent = headed ? "  " : ""
    for row in rows { Terminal.print("\(indent)\(row.name.padded(width))  \(row.summary)") }
  }
}
