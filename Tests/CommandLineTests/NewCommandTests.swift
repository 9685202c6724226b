import Aviary
import AviaryTestSupport
import Foundation
import Testing

/// A recipe for your own data trains without changes.
@Suite(.withTool) struct NewCommandTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func aviary(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(arguments, in: folder) }

  /// Trains a recipe and returns the scores of the test part.
  private func scores(_ recipe: String, _ options: String...) throws -> ConfigurationValue {
    let outcome = try Tool.run(["train", recipe, "--json", "--quiet"] + options, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(try ConfigurationValue(parsing: outcome.output)["test"])
  }

  /// Rows of two noisy features and a function of them.
  private func table(_ count: Int, _ header: String, _ target: (Double, Double) -> String) throws -> [UInt8] {
    let x = RandomSource(seed: 1).normal([count, 2], dtype: .float64).scalars(as: Double.self)
    let rows = (0..<count).map { "\(x[2 * $0] * 10),\(x[2 * $0 + 1]),\(target(x[2 * $0], x[2 * $0 + 1]))" }
    return Array((header + "\n" + rows.joined(separator: "\n") + "\n").utf8)
  }

  @Test func aTableOfClasses() throws {
    try folder.write(table(300, "a,b,kind") { $0 * $1 > 0 ? "same" : "other" }, to: "my table.csv")
    let outcome = try aviary("new", "--data", "my table.csv")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("my table.csv: 300 rows, ") && outcome.output.contains("2 classes, "))
    #expect(outcome.output.contains("so this is classification: other ("))
    #expect(outcome.lines.last?.hasSuffix("then train it: aviary train 'my table.json'") == true)
    let recipe = try Recipe(contentsOf: folder["my table.json"])
    #expect(recipe.name == "my-table" && recipe.document["model"]?["name"] == "mlp")
    #expect(recipe.document["transforms"] == ["standardize"])
    #expect(try scores("my table.json")["accuracy"]?.numberValue ?? 0 > 0.9)
    // The file belongs to the user now.
    let again = try aviary("new", "--data", "my table.csv")
    #expect(again.status == 1 && again.errors.contains("my table.json: the file already exists"))
  }

  /// Many distinct integers are values, in any unit; few that repeat are classes.
  @Test func aTableOfValues() throws {
    try folder.write(table(400, "a,b,price") { "\(Int(1_000_000 + 5000 * $0 * $0 - 3000 * $1))" }, to: "prices.csv")
    let outcome = try aviary("new", "--data", "prices.csv", "--output", "p.json")
    #expect(outcome.status == 0 && outcome.output.contains("so this is regression"), "\(outcome.errors)")
    let found = try scores("p.json")
    // Predicting the mean has an error of about 5900.
    #expect(found["absolute-error"]?.numberValue ?? .infinity < 2000)
    try folder.write(table(100, "a,b,level") { "\(($0 > 0 ? 1 : 0) + ($1 > 0 ? 1 : 0))" }, to: "levels.csv")
    #expect(try aviary("new", "--data", "levels.csv").output.contains("3 classes, so this is classification: 0 ("))
    let linear = try aviary("new", "--data", "prices.csv", "--model", "linear-regression", "--output", "l.json")
    #expect(linear.status == 0, "\(linear.errors)")
    #expect(try scores("l.json")["absolute-error"]?.numberValue ?? .infinity < 6000)
  }

  @Test func theTargetIsChosen() throws {
    try folder.write(table(100, "a,b,c") { "\($0 + $1)" }, to: "t.csv")
    for (target, output) in [("a", "name.json"), ("0", "position.json")] {
      let outcome = try aviary("new", "--data", "t.csv", "--target", target, "--output", output)
      #expect(outcome.status == 0 && outcome.output.contains("so this is regression"), "\(outcome.errors)")
    }
    #expect(try Recipe(contentsOf: folder["name.json"]).document["data"]?["target"] == "a")
    #expect(try Recipe(contentsOf: folder["position.json"]).document["data"]?["target"] == 0)
    let unknown = try aviary("new", "--data", "t.csv", "--target", "d", "--output", "d.json")
    #expect(unknown.status == 1 && unknown.errors.contains("'d'") && !folder.holds("d.json"))
  }

  @Test func imagesAndVectorsOfAnArchive() throws {
    let digits = try DigitsData().load().subset(Array(0..<600))
    let labels = try #require(digits.targets)
    try NPZ.write(["x": digits.inputs.reshaped(to: [600, 8, 8]), "y": labels], to: folder["images.npz"])
    try NPZ.write(["x": digits.inputs.reshaped(to: [600, 64]), "y": labels], to: folder["vectors.npz"])
    for (file, model) in [("images", "cnn"), ("vectors", "mlp")] {
      let outcome = try aviary("new", "--data", "\(file).npz")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try Recipe(contentsOf: folder["\(file).json"]).document["model"]?["name"]?.stringValue == model)
      #expect(try scores("\(file).json")["accuracy"]?.numberValue ?? 0 > 0.85, "\(file)")
    }
    // Any other model trains as in its own recipe on small data.
    for model in ["rbm", "softmax-regression", "autoencoder", "maxout"] {
      let outcome = try aviary("new", "--data", "images.npz", "--model", model, "--output", "\(model).json")
      #expect(outcome.status == 0, "\(model): \(outcome.errors)")
      _ = try scores("\(model).json", "--epochs", "1")
    }
  }
}
