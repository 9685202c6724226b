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
  @Field(
    "Whether rows are consecutive pieces of sequences, each starting from the final state of the previous one: "
      + "truncated backpropagation through time") public private(set) var carriesState = false

  public init() {}

  public init(_ loss: any Loss, carriesState: Bool = false) {
    self.loss = loss
    self.carriesState = carriesState
  }

  public var offers: Set<Evaluation.Capability> { Set(Evaluation.Capability.allCases) }

  /// As the loss prefers.
  public var targetKind: TargetKind? { loss.prefersLabels.map { $0 ? .labels : .values } ?? .automatic }

  /// Throws `LossError` if targets do not fit the loss, outputs already went through its function, or there are fewer
  /// outputs than classes.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    try loss.checkActivation(of: part)
    if carriesState, !part.layer.isCausal || !data.task.labelsSteps {
      throw ModelError(
        "carriesState needs one output and one target per step, and outputs that do not depend on later steps; "
          + "otherwise set it to false")
    }
    for (_, set) in data.parts { try loss.checkValues(of: set, outputs: part.outputShape) }
    guard loss.prefersLabels == true, let classes = data.task.classes else { return }
    guard classes > 1 else {
      throw LossError("all rows have the same label, but a classifier needs at least two classes")
    }
    let outputs = part.outputShape
    let mayLackClasses = data.train.classNames == nil || data.train.classesAreCounted
    let (rank, form) = data.task.labelsSteps ? (2, "[steps, \(classes)]") : (1, "[\(classes)]")
    guard outputs.rank == rank, outputs[-1] == classes || mayLackClasses && outputs[-1] > classes else {
      throw LossError(
        "\((type(of: loss) as? any Registrable.Type)?.name ?? "the loss") needs outputs \(form) for \(classes) classes, "
          + "but here they are \(outputs); give the last layer \(classes) units, or use another objective or loss")
    }
  }

  /// The outputs as the loss interprets them.
  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? {
    try loss.predictions(part.checkedOutputs(of: inputs))
  }

  /// Whether the loss takes the outputs as logits or log-probabilities.
  public var predictsProbabilities: Bool { [.logits, .logProbabilities].contains(loss.outputForm) }

  /// The loss of the class frequencies, or of the targets' means.
  public func constantLoss(_ part: Model, on rows: DataSet) -> Double? {
    guard let targets = rows.targets else { return nil }
    guard rows.labels?.rank == 2 else { return loss.constantLoss(for: targets, outputs: part.outputShape) }
    let lengths = rows.inputs.rank > 1 && rows.inputs.shape[1] == targets.shape[1] ? rows.lengths : nil
    let steps = lengths.map { StepRows(lengths: $0, steps: targets.shape[1]).rows(of: targets) }
    return loss.constantLoss(for: steps ?? targets.flattened(), outputs: [part.outputShape[-1]])
  }

  /// One forward pass. Steps with targets of their own count as rows; padding is ignored.
  public func losses(
    _ model: Model, _ variables: [Variable], _ batch: Batch, _ context: inout Context
  ) throws -> BatchLosses {
    context.take(batch)
    var output = try model.checkedForward(Variable(batch.inputs), variables, &context)
    var targets = try target(of: batch, model)
    var counts: [Int]?
    if context.lengths != nil || targets.rank == 2 && !targets.dtype.isFloatingPoint && output.rank == 3 {
      counts = context.lengths ?? [Int](repeating: output.shape[1], count: output.shape[0])
      (output, targets) = try steps(of: output, targets, context.lengths)
    }
    let (loss, value) = (loss, output.value)
    return BatchLosses(
      try loss(output, Variable(targets)), predictions: loss.predictions(value), targets: targets, steps: counts,
      parts: (output, loss, targets))
  }

  /// The outputs and targets of all valid steps, as rows. Throws `LossError` if the targets do not match the outputs.
  private func steps(
    of output: Variable, _ targets: Tensor, _ lengths: [Int]?
  ) throws -> (output: Variable, targets: Tensor) {
    let (rows, count) = (output.shape[0], output.shape[1])
    guard targets.rank >= 2, targets.shape[1] >= count else {
      throw LossError(
        "the model gives \(count) outputs per row, but the targets have shape \(targets.shape.removing(axis: 0)); "
          + "use a model with one output per row, or data with one target per step")
    }
    let seen = targets.shape[1] == count ? targets : targets.slice(axis: 1, 0..<count)
    guard let lengths else {
      return (output.reshaped(to: [rows * count] + output.shape.dropFirst(2)), seen.reshaped(to: [rows * count]))
    }
    let steps = StepRows(lengths: lengths, steps: count)
    return (steps.rows(of: output), steps.rows(of: seen))
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
