import Aviary

/// `aviary describe`: an entry's formula, configuration and references.
struct DescribeCommand: Command {
  static let name = "describe"
  static let summary = "Describes an entry: formula, configuration, references."
  static let usage = """
    aviary describe NAME [--graph FILE]

    Describes the recipe, model, optimizer, layer, … with this name. If several kinds share it, describes each.

      --graph FILE   for a recipe: write the computation graph of its untrained model on two rows, as a picture (.svg)
                     or for Graphviz (.dot)
    """

  private let name: String
  private let graph: String?

  init(parsing arguments: [String]) throws {
    let arguments = try Arguments(arguments, valued: ["graph": false], flags: [])
    guard arguments.positional.count == 1 else { throw UsageError("expected one name") }
    name = arguments.positional[0]
    graph = arguments.value("graph")
    if let graph, !graph.hasSuffix(".svg"), !graph.hasSuffix(".dot") {
      throw UsageError("--graph: expected a name that ends in .svg or .dot, found '\(graph)'")
    }
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
    guard let graph else { return Terminal.print(sections.joined(separator: "\n\n")) }
    guard let recipe = surroundings.recipes.first(where: { $0.name == name }) else {
      throw UsageError("--graph: '\(name)' is not a recipe; list them with 'aviary list recipes'")
    }
    let drawn = try DescribeCommand.graph(of: Trainer(recipe, in: surroundings.registries))
    try AtomicFile.write(graph.hasSuffix(".dot") ? drawn.dot : drawn.svg, to: graph)
    Terminal.print("\(drawn.nodes.count) nodes in \(graph)")
  }

  /// The graph of the computation from parameters to outputs, for two rows.
  private static func graph(of trainer: Trainer) throws -> ComputationGraph {
    let (model, data) = (trainer.model, trainer.data.train)
    let rows = Array(BatchLoader(data.subset(Array(0..<min(2, data.count))), batchSize: nil))[0]
    let variables = model.parameters.variables(tracking: \.isTrainable)
    var context = Context(.training, rows)
    let output = try model.checkedForward(Variable(rows.inputs), variables, &context)
    let names = zip(model.parameters.entries, variables).map { ($0.name, $1) }
    return try ComputationGraph(of: output, names: names, showsGradients: false)
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
