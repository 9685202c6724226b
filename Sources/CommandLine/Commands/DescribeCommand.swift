import Aviary

/// `aviary describe`: an entry's formula, configuration and references.
struct DescribeCommand: Command {
  static let name = "describe"
  static let summary = "Describes an entry: formula, configuration, references."
  static let usage = """
    aviary describe NAME

    Describes the recipe, model, optimizer, layer, … with this name. If several kinds share it, describes each.
    """

  private let name: String

  init(parsing arguments: [String]) throws {
    let arguments = try Arguments(arguments, valued: [:], flags: [])
    guard arguments.positional.count == 1 else { throw UsageError("expected one name") }
    name = arguments.positional[0]
  }

  func run(_ surroundings: Surroundings) throws {
    var sections: [String] = []
    if let recipe = surroundings.recipes.first(where: { $0.name == name }) {
      sections.append("recipe \(name)\n\(recipe.summary)\n\n\(recipe.document.json(prettyPrinted: true))")
    }
    for entry in surroundings.registries.entries where entry.name == name || entry.aliases.contains(name) {
      sections.append(DescribeCommand.text(of: entry))
      if entry.kind == "model", let card = Zoo.card(of: entry.name) { sections.append(card) }
    }
    guard !sections.isEmpty else {
      let known = surroundings.recipes.map(\.name) + surroundings.registries.entries.map(\.name)
      throw UnknownName("name", name, known: known, remedy: "'aviary list' shows all names")
    }
    Terminal.print(sections.joined(separator: "\n\n"))
  }

  private static func text(of entry: Entry) -> String {
    var lines = ["\(entry.kind) \(entry.name)", entry.card.summary]
    if !entry.aliases.isEmpty { lines.append("also: \(entry.aliases.joined(separator: ", "))") }
    if let formula = entry.card.formula { lines += [""] + formula.split(separator: "\n").map { "  \($0)" } }
    if !entry.schema.isEmpty {
      lines += ["", "configuration:"]
      let width = entry.schema.map(\.name.count).max() ?? 0
      for field in entry.schema {
        let value = field.isRequired ? "required" : "default \(field.defaultValue?.json() ?? "null")"
        lines.append("  \(field.name.padded(width))  \(field.type.description), \(value)")
        lines.append("  \("".padded(width))  \(field.summary)")
      }
    }
    if !entry.card.references.isEmpty { lines += ["", "references:"] + entry.card.references.map { "  \($0)" } }
    if !entry.card.tags.isEmpty { lines += ["", "tags: \(entry.card.tags.joined(separator: ", "))"] }
    return lines.joined(separator: "\n")
  }
}
