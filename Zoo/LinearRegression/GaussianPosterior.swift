import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Bayes' rule for linear regression as an objective: each batch updates the posterior of the weights
/// (``LinearPosterior``).
///
/// The model's parameters are the mean, and its state holds the factor of the precision. Batches may have any size,
/// since each posterior is the next prior. A second epoch would count all rows again, so there is only one. The
/// training loss is the mean squared error before each fit; the measure `deviation` is the mean standard deviation of
/// the predictions.
public struct GaussianPosterior: FittingObjective, Registrable {
  public static let name = "gaussian-posterior"
  public static let card = Card(
    "Bayes' rule for linear regression: the exact posterior of the weights, in one epoch without an optimizer.",
    formula: "S⁻¹ ← S⁻¹ + β·Φᵀ·Φ,  M ← M + β·S·Φᵀ·(T − Φ·M)",
    references: ["Bishop: Pattern Recognition and Machine Learning (2006), section 3.3"])

  private static let deviation = "deviation"
  private let error = Supervised(MeanSquaredError())

  public init() {}

  /// The mean standard deviation of the predictions.
  public var measures: [String] { [Self.deviation] }

  /// Throws `ConfigurationError` if rows would be counted more than once.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    guard stage.settings.epochs <= 1 else {
      throw ConfigurationError(
        .invalid("Bayes' rule counts each row once, so it needs 1 epoch, not \(stage.settings.epochs)"), at: "epochs")
    }
  }

  /// Updates the prior to the posterior of a batch.
  public func fit(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveFit {
    let units = try LinearUnits(model, for: "Bayes' rule", of: "linear-regression")
    var posterior = try LinearPosterior(model)
    try posterior.observe(batch.inputs.flattenedRows(), batch.values(outputs: units.count))
    let inputs = units.weights.shape[0]
    var values = units.values(posterior.mean[0..<inputs], posterior.hasBias ? posterior.mean[inputs] : nil)
    values[try LinearPosterior.state(of: model).factor] = posterior.factor.cast(to: model.dtype)
    var fitted = model
    fitted.parameters.apply(values)
    return ObjectiveFit(values, assessment: try assess(fitted, posterior, batch, context))
  }

  /// The mean squared error, and the deviation of the predictions.
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
