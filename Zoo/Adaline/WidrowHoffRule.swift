import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// The least-mean-squares rule as an objective, without automatic differentiation: each row changes the weights in
/// proportion to its inputs and to the error of the sum z = x·w + b against the target t, −1 or 1.
///
///     w ← w + η·(t − z)·x,   b ← b + η·(t − z)
///
/// The gradient is the mean of (z − t)·x over the batch, that of Σ ½·(z − t)² / n, where a row's squares are summed
/// over its units. With batches of one row and plain gradient descent it is the rule itself. It diverges unless η is
/// below 2/λ, where λ is the greatest eigenvalue of the mean of (x, 1)·(x, 1)ᵀ. (Widrow and Hoff: Adaptive switching
/// circuits, 1960.)
public struct WidrowHoffRule: GradientObjective, Registrable {
  public static let name = "widrow-hoff-rule"
  public static let card = Card(
    "The least-mean-squares rule: each row changes the weights by its inputs times the error of its sum against −1 or 1.",
    formula: "w ← w + η·(t − z)·x,  b ← b + η·(t − z),  z = x·w + b",
    references: ["Widrow, Hoff: Adaptive switching circuits (1960)"])

  public init() {}

  /// The mean gradient over the batch.
  public func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep {
    let units = try LinearUnits(model, for: "the Widrow–Hoff rule", of: "adaline")
    let x = batch.inputs.flattenedRows()
    let sums = units.sums(x)
    let error = sums - (try targets(of: batch, units))
    let found = assessment(error, sums, batch)
    return ObjectiveStep(value: found.loss, gradient: units.gradient(of: error, at: x, trained), assessment: found)
  }

  /// Half the mean squared error, and the predictions.
  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    let units = try LinearUnits(model, for: "the Widrow–Hoff rule", of: "adaline")
    let sums = units.sums(batch.inputs.flattenedRows())
    return assessment(sums - (try targets(of: batch, units)), sums, batch)
  }

  /// The sums; of a single unit, whether its sum is positive.
  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? {
    let sums = try LinearUnits(part, for: "the Widrow–Hoff rule", of: "adaline").sums(inputs.flattenedRows())
    return sums.shape[1] == 1 ? sums.step() : sums
  }

  private func assessment(_ error: Tensor, _ sums: Tensor, _ batch: Batch) -> Assessment {
    Assessment(
      loss: error.square().sum().item() / Double(2 * batch.count), count: batch.count,
      predictions: sums.shape[1] == 1 ? sums.step() : sums, targets: batch.targets)
  }

  /// Targets −1 and 1, [n, units]: of the label for one unit, of each unit's class for several.
  private func targets(of batch: Batch, _ units: LinearUnits) throws -> Tensor {
    let labels = try batch.labels(for: "the Widrow–Hoff rule")
    let count = units.count
    let greatest = labels.max().item()
    guard labels.min().item() >= 0, greatest < Double(max(count, 2)) else {
      throw LossError(
        "the Widrow–Hoff rule got labels up to \(Int(greatest)) for \(count) unit\(count == 1 ? "" : "s"); use it with the model 'adaline'"
      )
    }
    let dtype = units.weights.dtype
    let ones =
      count == 1
      ? labels.cast(to: dtype).reshaped(to: [batch.count, 1]) : labels.oneHot(classes: count, dtype: dtype)
    return ones * 2 - 1
  }
}
