import AviaryCore
import AviaryLayers
import AviaryRegistry

/// The model of a run, read back from its folder.
public struct FinishedRun: Sendable {
  /// The recipe it was trained by.
  public let recipe: ResolvedRecipe
  /// The model as it was saved last.
  public let model: Model
  /// Epochs done, over all stages.
  public var epochs: Int { history.count }
  /// What was measured in each epoch.
  public let history: [EpochRecord]
  private let data: PreparedData
  private let learned: [[String: Tensor]]
  private let dataFile: String?

  /// Reads a run's folder.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - registries: where names are looked up.
  ///   - dataFolder: where data sets that are files lie.
  /// - Throws: where the folder holds no run, its files are damaged, or its data cannot be loaded.
  public init(_ path: String, in registries: Registries, dataFolder: String? = nil) throws {
    let folder = try RunFolder(existing: path)
    recipe = try folder.recipe().resolved(in: registries)
    let saved = try folder.checkpoint()
    (learned, dataFile) = (saved.learned, saved.dataFile)
    data = try recipe.prepare(folder: dataFolder, file: dataFile, learned: learned)
    var state = TrainingState(model: try recipe.buildModel(for: data.task))
    try saved.restore(&state)
    (model, history) = (state.model, state.history)
  }

  /// The scores by part, as at the end of the training; for another file, the score on all its rows as `"test"`.
  public func scores(file: String? = nil) throws -> [String: Measurement] {
    guard let stage = recipe.stages.last else { return [:] }
    guard let file, file != dataFile else {
      var scores: [String: Measurement] = [:]
      for (name, set) in data.parts { scores[name] = try stage.measure(model, on: set, classes: data.task.classes) }
      return scores
    }
    let set = try recipe.transformed(file: file, learned: learned)
    guard set.inputShape == model.inputShape else {
      throw TrainingError.folder(
        file, "its inputs have the shape \(set.inputShape), and the model takes \(model.inputShape)")
    }
    return ["test": try stage.measure(model, on: set, classes: data.task.classes)]
  }
}
