import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Foundation
import Testing

/// The course's own images; the cases that need them are skipped unless AVIARY_DATA names their folder.
private let courseFile: String? = ProcessInfo.processInfo.environment["AVIARY_DATA"].flatMap {
  let path = $0 + "/fonts/data_with_labels.npz"
  return FileManager.default.fileExists(atPath: path) ? path : nil
}

@Suite struct ZooTests {
  static let names = Zoo.recipes.map(\.name)

  static func recipe(_ name: String, _ changes: String...) throws -> Recipe {
    var recipe = try #require(Zoo.recipes.first { $0.name == name })
    for change in changes { try recipe.set(change) }
    return recipe
  }

  static func run(_ name: String, _ changes: String...) throws -> TrainingResult {
    var recipe = try recipe(name)
    for change in changes { try recipe.set(change) }
    return try Trainer(recipe, in: .standard).run()
  }

  /// The embedded files are those in the folders.
  @Test func assetsAreTheFoldersFiles() throws {
    let zoo = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Zoo").standardized
    let paths = try FileManager.default.subpathsOfDirectory(atPath: zoo.path)
    func text(_ path: String) throws -> String { try String(contentsOf: zoo.appending(path: path), encoding: .utf8) }
    let recipes = paths.filter { $0.hasSuffix(".json") }
    let files = recipes.map { URL(filePath: $0).deletingPathExtension().lastPathComponent }
    #expect(files.sorted() == Self.names)
    for path in recipes {
      let stored = try Recipe(parsing: text(path))
      #expect(Zoo.recipes.first { $0.name == stored.name }?.document == stored.document, "\(path)")
      #expect(path.hasSuffix("/Recipes/\(stored.name).json"))
    }
    // The module's page on the documentation site is not a card.
    for path in paths where path.hasSuffix(".md") && !path.contains(".docc/") {
      let name = try text(path).split(separator: "\n").first?.dropFirst(2).description ?? ""
      #expect(try Zoo.card(of: name) == text(path), "\(path)")
    }
  }

  @Test(arguments: names) func aRecipeResolvesAndItsDocumentRoundTrips(_ name: String) throws {
    let recipe = try Self.recipe(name)
    let document = try recipe.resolved(in: .standard).document
    #expect(!recipe.summary.isEmpty)
    #expect(try Recipe(parsing: document.json(prettyPrinted: true)).resolved(in: .standard).document == document)
    let model = try #require(document["model"]?["name"]?.stringValue)
    #expect(Zoo.card(of: model)?.contains("`\(name)`") == true, "the card of \(model) does not name it")
  }

  @Test func everyModelHasACard() {
    for entry in Registries.standard.entries(of: .model) {
      #expect(Zoo.card(of: entry.name)?.hasPrefix("# \(entry.name)\n") == true, "\(entry.name)")
    }
    #expect(Zoo.card(of: "none") == nil)
  }

  /// A model is written into a recipe by its type, however it was made.
  @Test(arguments: Registries.standard.entries(of: .model)) func aModelIsWrittenBack(_ entry: Entry) throws {
    let model = try Registries.standard.make(.model, entry.name, entry.defaults)
    let recipe = try Recipe(model: model, data: DigitsData())
    #expect(try Recipe(parsing: recipe.document.json()) == recipe)
    let written = try Specification(#require(recipe.resolved(in: .standard).document["model"]))
    #expect(written == Specification(entry.name, entry.defaults))
  }

  @Test func aRecipeOfThingsMadeInSwift() throws {
    let recipe = try Recipe(
      name: "digits", model: MLP(units: [64], activation: Tanh()), data: DigitsData(),
      split: StratifiedSplit(test: 0.2),
      transforms: [ScaleTransform(divisor: 16)], optimizer: Adam(learningRate: 0.002), epochs: 30)
    let written: ConfigurationValue = [
      "version": 1, "name": "digits", "data": "digits", "split": "stratified",
      "transforms": [["name": "scale", "divisor": 16.0]],
      "model": ["name": "mlp", "units": [64], "activation": "tanh"],
      "optimizer": ["name": "adam", "learningRate": 0.002], "epochs": 30,
    ]
    #expect(try recipe.resolved(in: .standard).document == Recipe(written).resolved(in: .standard).document)
    #expect(throws: ConfigurationError.self) { try MLP(units: [8, 0]) }
    #expect(throws: ConfigurationError.self) { try MLP(units: [8], weightInitializers: [Zeros(), Zeros(), Zeros()]) }
  }

  static let kinds = ["model", "layer", "objective", "metric", "stopping-rule"]

  @Test(arguments: Registries.standard.entries.filter { kinds.contains($0.kind) }) func keepsTheLaws(_ entry: Entry) {
    #expect(checkRegistrable(entry, in: .standard) == [])
  }

  /// Recipes with embedded data; the others need files.
  static let runnable = Zoo.recipes.filter { recipe in
    let data = recipe.document["data"]
    let name = data?.stringValue ?? data?["name"]?.stringValue ?? ""
    let tags = Registries.standard.entries(of: .dataSet).first { $0.name == name }?.card.tags ?? []
    return tags.contains("embedded") || !tags.contains("file")
  }
  .map(\.name)

  /// One epoch of every stage that trains; the loss is a number, and the metrics are there.
  @Test(arguments: runnable) func trains(_ name: String) throws {
    var recipe = try Self.recipe(name)
    let trained = try recipe.resolved(in: .standard).stages.filter { $0.settings.epochs > 0 }
    for stage in trained {
      let hasStages = recipe.document["stages"].map { $0 != .null } ?? false
      try recipe.set(hasStages ? "stages.\(stage.name).epochs=1" : "epochs=1")
    }
    let result = try Trainer(recipe, in: .standard).run()
    #expect(result.epochs == trained.count)
    let scores = try #require(result.scores["test"])
    #expect(scores.values["loss"]?.isFinite == true && scores.values["accuracy"] == scores.confusion?.accuracy)
  }

  /// Without random numbers, in float64: agrees with NumPy to 10 digits.
  @Test(
    arguments: try GoldenDocument("softmax_from_zero").cases.filter {
      $0.name.hasPrefix("embedded") || courseFile != nil
    })
  func softmaxFromZero(_ stored: GoldenCase) throws {
    var recipe = try Self.recipe("course-softmax-from-zero")
    if stored.name.hasSuffix("none") { try recipe.set("split.name=none") }
    if stored.name.hasSuffix("2") { try recipe.set("split.draw=2") }
    var options = Trainer.Options()
    if stored.name.hasPrefix("course") { options.dataFile = courseFile }
    try recipe.set("epochs=101")
    let losses = try Trainer(recipe, in: .standard, options: options).run().history.map {
      $0.values["train.loss"] ?? .nan
    }
    try recipe.set("epochs=100")
    let model = try Trainer(recipe, in: .standard, options: options).run().model
    let steps = try #require(stored.value["steps"]?.arrayValue)
    #expect(steps.count == 5)
    for step in steps {
      let index = try #require(step["step"]?.integerValue)
      let loss = try #require(step["loss"]?.numberValue)
      #expect(abs(losses[index] - loss) < 1e-11, "before step \(index)")
    }
    let norm = try #require(steps[4]["norm"]?.numberValue)
    #expect(abs(model.parameters["0.dense.weight"].euclideanNorm() - norm) < 1e-11)
    let biases = steps[4]["bias"]?.arrayValue?.compactMap(\.numberValue) ?? []
    for (a, b) in zip(model.parameters["0.dense.bias"].scalars(as: Double.self), biases) { #expect(abs(a - b) < 1e-12) }
  }

  @Test(
    .enabled(if: courseFile != nil, "set AVIARY_DATA to a folder with fonts/data_with_labels.npz to compare with it"))
  func courseImagesAreThere() throws {
    let set = try Self.recipe("course-mlp").resolved(in: .standard).prepare(file: courseFile)
    #expect(set.train.count == 2511 && set.test.count == 279 && set.task.classes == 5 && set.task.input == [36, 36, 1])
  }
}
