import AviaryCore
import AviaryLayers

/// A run in one page without dependencies: scores, curves of each stage, confusion matrix, reconstructions and samples of models that
/// make them, first-layer filters, and the recipe.
///
/// The page shows nothing but what was measured, and is a pure function of the run: the same run gives the same bytes.
public struct Report: Sendable {
  /// What was trained.
  public let recipe: ResolvedRecipe
  /// The data it saw.
  public let data: PreparedData
  /// The trained model.
  public let model: Model
  /// What was measured in each epoch.
  public let history: [EpochRecord]
  /// The final scores by part.
  public let scores: [String: Measurement]

  /// A report of a finished run.
  public init(
    recipe: ResolvedRecipe, data: PreparedData, model: Model, history: [EpochRecord], scores: [String: Measurement]
  ) {
    self.recipe = recipe
    self.data = data
    self.model = model
    self.history = history
    self.scores = scores
  }

  /// The page.
  ///
  /// Throws what a model throws that is asked for samples or reconstructions.
  public func html() throws -> String {
    let sections = try [
      scoreTable(), curves(), confusion(), reconstructions(), samples(), filters(), network(), settings(),
    ]
    return """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTML.escaped(recipe.name))</title>
      <style>\(HTML.style)</style>
      <h1>\(HTML.escaped(recipe.name))</h1>
      \(HTML.note("Seed \(recipe.seed), \(history.count) \(history.count == 1 ? "epoch" : "epochs")."))
      \(sections.compactMap { $0 }.joined(separator: "\n"))
      </html>

      """
  }

  private func scoreTable() -> String? {
    guard !scores.isEmpty else { return nil }
    let names = Set(scores.values.flatMap(\.values.keys)).sorted { ($0 == "loss" ? "" : $0) < ($1 == "loss" ? "" : $1) }
    let rows = data.parts.compactMap { part -> [String]? in
      guard let score = scores[part.name] else { return nil }
      return [part.name, "\(part.set.count)"] + names.map { score.values[$0].map { $0.fixed(4) } ?? "" }
    }
    return HTML.section("Result", HTML.table(["part", "rows"] + names, rows))
  }

  private func network() -> String {
    let rows = model.summaryRows().map { [$0.name, $0.output.description, "\($0.parameters)"] }
    let total = "\(model.parameters.trainableCount) trained numbers, \(model.dtype.name)"
    return HTML.section("Network", HTML.table(["layer", "output", "parameters"], rows) + "<p>\(total)</p>")
  }

  private func settings() -> String {
    HTML.section("Recipe", "<pre>\(HTML.escaped(recipe.document.json(prettyPrinted: true)))</pre>")
  }
}
