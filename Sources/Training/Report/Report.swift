import AviaryCore
import AviaryLayers

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A run in one self-contained page: scores, learning curves of each stage, confusion matrix, reconstructions and
/// samples if the model makes them, first-layer filters, and the recipe.
///
/// The page shows only measured values. Apart from the properties set here, it depends on the run alone.
public struct Report: Sendable {
  public let recipe: ResolvedRecipe
  /// The data of the training.
  public let data: PreparedData
  public let model: Model
  /// The scores of each epoch.
  public let history: [EpochRecord]
  /// The final scores by part.
  public let scores: [String: Measurement]
  /// Changes to a named recipe or a recipe file.
  public var changes: [RecipeChange] = []
  /// Warnings of the training.
  public var warnings: [String] = []
  /// When the training ended.
  public var date: Date?
  /// The total duration of its epochs.
  public var seconds: Double?

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
  /// Throws what the model throws when asked for samples or reconstructions.
  public func html() throws -> String {
    let sections = try [
      scoreTable(), changeTable(), forecasts(), curves(), confusion(), reconstructions(), samples(), filters(),
      network(),
      settings(),
    ]
    return """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTML.escaped(recipe.name))</title>
      <style>\(HTML.style)</style>
      <h1>\(HTML.escaped(recipe.name))</h1>
      \(circumstances())
      \(sections.compactMap { $0 }.joined(separator: "\n"))
      </html>

      """
  }

  /// Data, number of epochs, duration, seed, date, release, and warnings.
  private func circumstances() -> String {
    let time = seconds.map { " in \($0.duration)" } ?? ""
    let day = date.map { " on \(HTML.day($0))," } ?? ""
    let epochs = "\(history.count) \(history.count == 1 ? "epoch" : "epochs")"
    let training = "\(epochs)\(time), with seed \(recipe.seed),\(day) by \(AviaryVersion.description)"
    let files = data.files.values.sorted()
    let source = files.isEmpty ? "Data: \(data.train.name)." : "Data: \(files.joined(separator: ", "))."
    let notes = [source, "Trained for \(training)."] + warnings.map { "Warning: \($0)." }
    return notes.map(HTML.note).joined(separator: "\n")
  }

  private func changeTable() -> String? {
    guard !changes.isEmpty else { return nil }
    let rows = changes.map { change in
      let (before, after) = (change.before?.json() ?? "–", change.after?.json() ?? "–")
      return "<dt>\(HTML.escaped(change.path))</dt><dd>\(HTML.escaped(before)) → \(HTML.escaped(after))</dd>"
    }
    return HTML.section("Changed settings", "<dl>\n\(rows.joined(separator: "\n"))\n</dl>")
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
    let total = "\(model.parameters.trainableCount) trainable parameters, \(model.dtype.name)"
    return HTML.section("Network", HTML.table(["layer", "output", "parameters"], rows) + "<p>\(total)</p>")
  }

  private func settings() -> String {
    HTML.section("Recipe", "<pre>\(HTML.escaped(recipe.document.json(prettyPrinted: true)))</pre>")
  }
}
