import AviaryCore
import AviaryData
import AviaryLayers

/// An objective that computes the parameters itself: least squares in closed form, a posterior, cluster centers.
///
/// Its stage has no optimizer and no clipping, so a recipe omits both. Batches, epochs, metrics, checkpoints and
/// resuming work as in every stage.
public protocol FittingObjective: Objective {
  /// Fits the parameters to a batch, which holds all rows if the stage's `batchSize` is null. A pure function of its
  /// arguments.
  ///
  /// - Parameters:
  ///   - model: the network with the current parameters.
  ///   - batch: the examples.
  ///   - context: randomness and progress of the step.
  ///   - state: the objective's state between steps.
  /// - Returns: the parameters' new values, and the inputs of the metrics for them.
  /// - Throws: if model or targets do not fit, or there is no solution.
  func fit(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveFit
}

/// The result of fitting an objective to a batch.
public struct ObjectiveFit: Sendable {
  /// New values of parameters and state by entry index; the others keep theirs.
  public var values: [Int: Tensor]
  /// The inputs of the metrics after the fit.
  public var assessment: Assessment

  public init(_ values: [Int: Tensor], assessment: Assessment) {
    self.values = values
    self.assessment = assessment
  }
}
