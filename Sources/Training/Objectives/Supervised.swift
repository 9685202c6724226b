import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// The mean loss of the model's outputs against the targets, plus the parameters' penalties. Gradients by automatic
/// differentiation.
public struct Supervised: DifferentiatedObjective, Registrable {
  public static let name = "supervised"
  public static let card = Card(
    "The mean loss of the outputs against the targets, plus the parameters' penalties.",
    formula: "J(θ) = 1/n · Σ loss(f(xᵢ; θ), tᵢ) + Σ penalty(θⱼ)")

  @Field(.loss, "Loss of an output") var loss: any Loss = SoftmaxCrossEntropy()

  public init() {}

  public init(_ loss: any Loss) { self.loss = loss }

  public var offers: Set<Evaluation.Capability> { Set(Evaluation.Capability.allCases) }

  /// The loss's preference.
  public var targetKind: TargetKind? { loss.prefersLabels.map { $0 ? .labels : .values } ?? .automatic }

  /// Throws `LossError` if targets do not fit the loss, outputs already went through its function, or there are fewer
  /// outputs than classes.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    try loss.checkActivation(of: part)
    for (_, set) in data.parts { try loss.checkValues(of: set, outputs: part.outputShape) }
    guard loss.prefersLabels == true, let classes = data.task.classes else { return }
    guard classes > 1 else {
      throw LossError("all rows have the same label, but a classifier needs at least two classes")
    }
    let outputs = part.outputShape
    let mayLackClasses = data.train.classNames == nil || data.train.classesAreCounted
    guard outputs == [classes] || mayLackClasses && outputs.rank == 1 && outputs[0] > classes else {
      throw LossError(
        "\((type(of: loss) as? any Registrable.Type)?.name ?? "the loss") needs outputs [\(classes)] for \(classes) "
          + "classes, but here they are \(outputs); give the last layer \(classes) units, or use another objective or loss"
      )
    }
  }

  /// The loss of the class frequencies, or of the targets' means.
  public func constantLoss(_ part: Model, on rows: DataSet) -> Double? {
    rows.targets.flatMap { loss.constantLoss(for: $0, outputs: part.outputShape) }
  }

  public func losses(
    _ model: Model, _ variables: [Variable], _ batch: Batch, _ context: inout Context
  ) throws -> BatchLosses {
    let output = model.forward(Variable(batch.inputs), variables, &context)
    let (loss, value, target) = (loss, output.value, try target(of: batch, model))
    return BatchLosses(
      try loss(output, Variable(target)), predictions: loss.predictions(value), targets: batch.targets,
      parts: (output, loss, target))
  }

  /// Labels unchanged, values in the model's dtype.
  private func target(of batch: Batch, _ model: Model) throws -> Tensor {
    guard let targets = batch.targets else {
      throw LossError("a supervised objective needs targets, but the data set has none")
    }
    return targets.dtype.isFloatingPoint ? targets.cast(to: model.dtype) : targets
  }
}

extension ParameterStore {
  /// All values as variables: tracked if trained, otherwise constant.
  public func variables(_ trained: TrainedParameters) -> [Variable] {
    entries.indices.map { index in
      let value = value(of: entries[index])
      return trained.contains(index) ? Variable(tracking: value) : Variable(value)
    }
  }
}
