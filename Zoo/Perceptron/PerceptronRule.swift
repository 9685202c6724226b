import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Rosenblatt's rule as an objective, without automatic differentiation: each misclassified row changes the weights by
/// its inputs.
///
///     w ← w + η·(t − y)·x,   b ← b + η·(t − y)
///
/// The gradient is the mean of (y − t)·x over the batch, that of the perceptron criterion Σ (y − t)·z / n with the
/// weighted sum z = x·w + b. With batches of one row and plain gradient descent it is the rule itself. (Rosenblatt,
/// 1958.)
public struct PerceptronRule: GradientObjective, Registrable {
  public static let name = "perceptron-rule"
  public static let card = Card(
    "Rosenblatt's rule: each misclassified row changes the weights by its inputs.",
    formula: "w ← w + η·(t − y)·x,  b ← b + η·(t − y)", references: ["Rosenblatt: The perceptron (1958)"])

  public init() {}

  /// The mean gradient over the batch.
  public func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep {
    let (units, sums, outputs, targets) = try judge(model, batch)
    let error = outputs - targets
    let criterion = (error * sums).mean().item()
    let vector = units.gradient(of: error, at: batch.inputs.flattenedRows(), trained)
    return ObjectiveStep(value: criterion, gradient: vector, assessment: assessment(criterion, outputs, batch))
  }

  /// The perceptron criterion and the outputs.
  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    let (_, sums, outputs, targets) = try judge(model, batch)
    return assessment(((outputs - targets) * sums).mean().item(), outputs, batch)
  }

  /// The units' outputs, 0 or 1.
  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? {
    try LinearUnits(part, for: "the perceptron rule", of: "perceptron").sums(inputs.flattenedRows()).step()
  }

  private func assessment(_ loss: Double, _ outputs: Tensor, _ batch: Batch) -> Assessment {
    Assessment(loss: loss, count: batch.count, predictions: outputs, targets: batch.targets)
  }

  /// The unit with its weighted sums, outputs and targets, [n, 1].
  private func judge(
    _ model: Model, _ batch: Batch
  ) throws -> (units: LinearUnits, sums: Tensor, outputs: Tensor, targets: Tensor) {
    let targets = try batch.labels(for: "the perceptron rule")
    let units = try LinearUnits(model, for: "the perceptron rule", of: "perceptron")
    guard units.count == 1 else {
      throw ModelError("the perceptron rule trains one unit, not \(units.count); use it with the model 'perceptron'")
    }
    let sums = units.sums(batch.inputs.flattenedRows())
    return (units, sums, sums.step(), targets.cast(to: model.dtype).reshaped(to: [batch.count, 1]))
  }
}
