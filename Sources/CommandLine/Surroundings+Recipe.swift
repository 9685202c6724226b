import Aviary

extension Surroundings {
  /// The recipe with this name or in this file. `data` is the data file to mention in errors.
  func recipe(_ name: String, data: String? = nil) throws -> Recipe {
    if let known = recipes.first(where: { $0.name == name }) { return known }
    if name.hasSuffix(".json") || name.contains("/") && !isData(name) { return try Recipe(contentsOf: name) }
    if isData(name) {
      throw NoRecipe(
        description:
          "'\(name)' is a data file, not a recipe; write one for it: aviary new --data \(Invocation.quoted(name))")
    }
    let file = data.map(Invocation.quoted) ?? "FILE"
    if let model = registries.entries(of: .model).first(where: { ([$0.name] + $0.aliases).contains(name) }) {
      let own = "for your own data: aviary new --model \(model.name) --data \(file)"
      throw NoRecipe(description: "'\(name)' is a model, not a recipe; \(trained { $0.modelName == model.name })\(own)")
    }
    if let set = registries.entries(of: .dataSet).first(where: { ([$0.name] + $0.aliases).contains(name) }) {
      let own = "for your own data: aviary new --data \(file)"
      throw NoRecipe(
        description: "'\(name)' is a data set, not a recipe; \(trained { $0.dataName == set.name })\(own)")
    }
    throw UnknownName(
      "recipe", name, known: recipes.map(\.name),
      remedy: "list them with 'aviary list recipes' or write one with 'aviary new --data \(file)'; files end in .json"
    )
  }

  private func isData(_ name: String) -> Bool {
    [".csv", ".tsv", ".npz"].contains { name.lowercased().hasSuffix($0) }
  }

  /// `recipes with it: fonts-cnn, course-cnn; `, or nothing if there are none.
  private func trained(_ fits: (Recipe) -> Bool) -> String {
    let names = recipes.filter(fits).map(\.name)
    if names.isEmpty { return "" }
    return "recipes with it: \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? " …" : ""); "
  }

  private struct NoRecipe: Error, CustomStringConvertible {
    let description: String
  }
}

extension Recipe {
  /// The name of the model it trains.
  var modelName: String? { document["model"]?.stringValue ?? document["model"]?["name"]?.stringValue }
  /// The name of the data set it trains on.
  var dataName: String? { document["data"]?.stringValue ?? document["data"]?["name"]?.stringValue }
}
