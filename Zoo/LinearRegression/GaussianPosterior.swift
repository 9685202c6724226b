import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Bayes' rule for linear regression as an objective: what is known of the weights, before a batch and after it
/// (``LinearPosterior``).
///
/// The model's parameters are the mean and its state is the factor of the precision; the step's gradient is the way back from the
/// new mean, so that gradient descent with a rate of 1 goes there. Batches may be of any size, as one posterior is the
/// next one's prior; every epoch counts all rows again, so that there should be one. The value is the mean squared
/// error before the step, the measure `deviation` the mean standard deviation of the predictions.
public struct GaussianPosterior: Objective, Registrable {
  /// `"gaussian-posterior"`.
  public static let name = "gaussian-posterior"
  /// What is worth knowing.
  public static let card = Card(
    "Bayes' rule for linear regression: the posterior of the weights, exactly, in one epoch of gradient descent with a rate of 1.",
    formula: "S⁻¹ ← S⁻¹ + β·Φᵀ·Φ,  M ← M + β·S·Φᵀ·(T − Φ·M)",
    references: ["Bishop: Pattern Recognition and Machine Learning (2006), section 3.3"])

  private static let deviation = "deviation"
  private let error = Supervised(MeanSquaredError())

  /// The objective has nothing to configure.
  public init(_ configuration: EmptyConfiguration, in registries: Registries) {}

  /// The predictions' mean standard deviation.
  public var measures: [String] { [Self.deviation] }

  /// Throws `ConfigurationError` where rows would be counted more than once, or the optimizer does not go to the new mean.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    guard stage.settings.epochs <= 1 else {
      throw ConfigurationError(
        .invalid("Bayes' rule counts each row once, and so takes 1 epoch, not \(stage.settings.epochs)"), at: "epochs")
    }
    try stage.checkWholeSteps(for: "Bayes' rule")
  }

  /// From a batch's prior to its posterior.
  public func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep {
    var posterior = try LinearPosterior(model)
    let found = try assess(model, posterior, batch, context)
    let units = try LinearUnits(model, for: "Bayes' rule", of: "linear-regression")
    try posterior.observe(batch.inputs.flattenedRows(), batch.values(outputs: units.count))
    let inputs = units.weights.shape[0]
    let bias = posterior.hasBias ? posterior.mean[inputs] : nil
    let index = try LinearPosterior.state(of: model).factor
    return ObjectiveStep(
      value: found.loss, gradient: units.gradient(towards: posterior.mean[0..<inputs], bias, trained),
      assessment: found, stateUpdates: [index: posterior.factor.cast(to: model.dtype)])
  }

  /// The mean squared error, and how sure the predictions are.
  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    try assess(model, LinearPosterior(model), batch, context)
  }

  private func assess(
    _ model: Model, _ posterior: LinearPosterior, _ batch: Batch, _ context: Context
  ) throws -> Assessment {
    var found = try error.assess(model, batch, context)
    let variance = posterior.predictions(batch.inputs).variance
    found.measures[Self.deviation] = variance.sqrt().mean().item()
    return found
  }
}
