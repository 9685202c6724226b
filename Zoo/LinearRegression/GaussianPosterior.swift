import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Bayes' rule for linear regression as an objective: what is known of the weights, before a batch and after it
/// (``LinearPosterior``).
///
/// The model's parameters are the mean and its state is the factor of the precision. Batches may be of any size, as one posterior is the
/// next one's prior; every epoch would count all rows again, so that there is one. The training part's loss is the mean
/// squared error before each fit, the measure `deviation` the mean standard deviation of the predictions.
public struct GaussianPosterior: FittingObjective, Registrable {
  public static let name = "gaussian-posterior"
  public static let card = Card(
    "Bayes' rule for linear regression: the posterior of the weights, exactly, in one epoch without an optimizer.",
    formula: "S⁻¹ ← S⁻¹ + β·Φᵀ·Φ,  M ← M + β·S·Φᵀ·(T − Φ·M)",
    references: ["Bishop: Pattern Recognition and Machine Learning (2006), section 3.3"])

  private static let deviation = "deviation"
  private let error = Supervised(MeanSquaredError())

  public init() {}

  /// The predictions' mean standard deviation.
  public var measures: [String] { [Self.deviation] }

  /// Throws `ConfigurationError` where rows would be counted more than once.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    guard stage.settings.epochs <= 1 else {
      throw ConfigurationError(
        .invalid("Bayes' rule counts each row once, and so takes 1 epoch, not \(stage.settings.epochs)"), at: "epochs")
    }
  }

  /// From a batch's prior to its posterior.
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
