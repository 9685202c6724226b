import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Least squares in closed form as an objective: solves for all rows at once (``LeastSquaresFit``).
///
/// Targets are values, or labels, which become one-hot rows.
public struct LeastSquares: FittingObjective, Registrable {
  public static let name = "least-squares"
  public static let card = Card(
    "Least squares in closed form, for a linear model and full batches, without an optimizer.",
    formula: "W, b = argmin Σ ‖xᵢ·W + b − tᵢ‖², each column ‖w‖ ≤ r",
    references: ["Goodfellow, Bengio, Courville: Deep Learning (2016), section 4.5"])

  @Field("Maximum norm r of an output's weights", .positive) var maxNorm: Double?
  private static let error = Supervised(MeanSquaredError())

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(maxNorm: Double? = nil) throws {
    self.maxNorm = maxNorm
    self = try checked()
  }

  /// Throws `ConfigurationError` unless a batch has all rows.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    try stage.requireWholeBatches(of: data)
  }

  /// Solves for the batch.
  public func fit(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveFit {
    let units = try LinearUnits(model, for: "least squares", of: "linear-regression")
    let fit = LeastSquaresFit(
      inputs: batch.inputs.flattenedRows(), targets: try batch.values(outputs: units.count), hasBias: units.bias != nil,
      maxNorm: maxNorm)
    let values = units.values(fit.weight, fit.bias)
    var fitted = model
    fitted.parameters.apply(values)
    return ObjectiveFit(values, assessment: try assess(fitted, batch, context))
  }

  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    try Self.error.assess(model, batch, context)
  }
}

extension Batch {
  /// The targets as float64 values [n, outputs].
  func values(outputs: Int) throws -> Tensor {
    guard let targets else { throw LossError("least squares needs targets, but the data set has none") }
    if targets.dtype == .int64, targets.rank == 1, outputs > 1 {
      return targets.oneHot(classes: outputs, dtype: .float64)
    }
    guard targets.elementCount == count * outputs else {
      throw LossError("least squares: targets \(targets.spec) do not match \(outputs) outputs")
    }
    return targets.cast(to: .float64).reshaped(to: [count, outputs])
  }
}
