import AviaryCore
import AviaryData
import AviaryLayers

/// An objective that finds the parameters itself: least squares in closed form, a posterior, the centres of clusters.
///
/// Its stage has no optimizer and no clipping, and a recipe leaves both out. Batches, epochs, metrics, checkpoints and
/// resuming work as in every stage.
public protocol FittingObjective: Objective {
  /// Fits the parameters to a batch, which holds all rows where the stage's `batchSize` is null: a pure function of its
  /// arguments.
  ///
  /// - Parameters:
  ///   - model: the network with the parameters so far.
  ///   - batch: the examples.
  ///   - context: randomness and progress of the step.
  ///   - state: what the objective remembers.
  /// - Returns: the parameters' new values, and what the metrics see with them.
  /// - Throws: where model or targets do not fit, or there is no solution.
  func fit(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveFit
}

/// What an objective has fitted to a batch.
public struct ObjectiveFit: Sendable {
  /// New values of the model's parameters and state, by the entry's index; the others stay as they are.
  public var values: [Int: Tensor]
  /// What the metrics see of the batch after the fit.
  public var assessment: Assessment

  /// What was fitted.
  public init(_ values: [Int: Tensor], assessment: Assessment) {
    self.values = values
    self.assessment = assessment
  }
}
