import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import AviaryTraining

/// Least squares in closed form as an objective: the step's gradient is θ − θ*, the way back from the batch's solution
/// θ* (``LeastSquaresFit``), so that gradient descent with a rate of 1 is there after one step.
///
/// The value is the mean squared error before the step. Targets are values, or labels, which stand for rows of zeros
/// with a one.
public struct LeastSquares: Objective, Registrable {
  /// The objective's configuration.
  public struct Configuration: ConfigurationFields {
    /// r in ‖w‖ ≤ r.
    public var maxNorm: Double?

    /// No bound.
    public init() {}
  }

  /// `"least-squares"`.
  public static let name = "least-squares"
  /// What is worth knowing.
  public static let card = Card(
    "Least squares in closed form, for a linear model, full batches, and gradient descent with a rate of 1.",
    formula: "θ* = argmin Σ ‖xᵢ·W + b − tᵢ‖², each column ‖w‖ ≤ r;  ∇ = θ − θ*",
    fields: [
      "maxNorm": "The greatest norm r of the weights of an output, above 0; nothing is bounded unless given."
    ],
    references: ["Goodfellow, Bengio, Courville: Deep Learning (2016), section 4.5"])

  private let maxNorm: Double?
  private let error = Supervised(MeanSquaredError())

  /// Checks the bound.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    maxNorm = try configuration.maxNorm.map { try Check.positive($0, "maxNorm") }
  }

  /// Throws `ConfigurationError` where a batch is not all rows, or the optimizer does not go to the solution.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    let rows = data.rowCount(of: stage)
    if let size = stage.settings.batchSize, size < rows {
      throw ConfigurationError(
        .invalid("least squares take all \(rows) training rows at once; set it to null, not \(size)"),
        at: "batchSize")
    }
    try stage.checkWholeSteps(for: "least squares")
  }

  /// Solves for the batch.
  public func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep {
    let found = try error.assess(model, batch, context)
    let units = try LinearUnits(model, for: "least squares", of: "linear-regression")
    let fit = LeastSquaresFit(
      inputs: batch.inputs.flattenedRows(), targets: try batch.values(outputs: units.count), hasBias: units.bias != nil,
      maxNorm: maxNorm)
    return ObjectiveStep(
      value: found.loss, gradient: units.gradient(towards: fit.weight, fit.bias, trained), assessment: found)
  }

  /// The mean squared error.
  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    try error.assess(model, batch, context)
  }
}

extension Batch {
  /// The targets as values [n, outputs] in float64.
  func values(outputs: Int) throws -> Tensor {
    guard let targets else { throw LossError("the data set has no targets, and least squares need them") }
    if targets.dtype == .int64, targets.rank == 1, outputs > 1 {
      return targets.oneHot(classes: outputs, dtype: .float64)
    }
    guard targets.elementCount == count * outputs else {
      throw LossError("least squares: targets \(targets.spec) do not fit \(outputs) outputs")
    }
    return targets.cast(to: .float64).reshaped(to: [count, outputs])
  }
}

extension Stage {
  /// Throws `ConfigurationError` unless each update subtracts the gradient as it is: gradient descent with a rate of 1.
  func checkWholeSteps(for method: String) throws {
    let gradients = [Tensor([1.0, -2.0]), Tensor([-0.5, 3.0])]
    var (place, state) = (Tensor([0.0, 0.0]), OptimizerState())
    if optimizer.needs.isEmpty, clipping == nil {
      for (step, gradient) in gradients.enumerated() {
        let progress = TrainingProgress(step: step, epoch: step, epochs: 2)
        try optimizer.update(&place, state: &state, from: Evaluation(gradient: gradient, progress: progress))
      }
    }
    guard place == -(gradients[0] + gradients[1]) else {
      throw ConfigurationError(
        .invalid("only 'sgd' with a learningRate of 1, without clipping, goes to the solution of \(method)"),
        at: "optimizer")
    }
  }
}

extension LinearUnits {
  /// The gradient with which a step of rate 1 leads to given values.
  func gradient(towards weight: Tensor, _ bias: Tensor?, _ trained: TrainedParameters) -> Tensor {
    let dtype = weights.dtype
    let db = biases.map { $0 - (bias ?? $0).cast(to: dtype) }
    return gradient(weight: weights - weight.cast(to: dtype), bias: db, trained)
  }
}
