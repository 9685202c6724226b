import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers

extension Stage {
  /// The optimizer's state after some steps on a vector, tried with zeros; empty without an optimizer. At most as many
  /// steps as the optimizer takes until its state is complete.
  func optimizerState(
    for vector: TensorSpec, _ layout: [ParameterBlock]? = nil, steps: Int = .max
  ) throws -> OptimizerState {
    guard let optimizer else { return OptimizerState() }
    var (parameters, state) = (Tensor.zeros(vector.shape, dtype: vector.dtype), OptimizerState())
    let slope = Tensor(repeating: 1, shape: vector.shape, dtype: vector.dtype)
    let evaluation = Evaluation(
      gradient: slope, loss: 0, progress: TrainingProgress(epochs: settings.epochs), layout: layout,
      at: { _ in (-Double.greatestFiniteMagnitude, slope) }, hessianVectorProduct: { $0 },
      gaussNewtonProduct: { $0 }, diagonalCurvature: { slope })
    for _ in 0..<min(steps, optimizer.stepsUntilMemory) {
      try optimizer.update(&parameters, state: &state, from: evaluation)
    }
    return state
  }

  /// The memory that the stage needs at least to train a planned model on prepared data.
  func memory(of plan: ModelPlan, _ data: PreparedData) throws -> TrainingMemory {
    let all = plan.entries.reduce(0) { $0 + $1.elementCount }
    let (trained, isEverything) = trainedCount(of: plan)
    let spec = TensorSpec([1], plan.dtype)
    // A vector of length one shows how many bytes the optimizer keeps per element.
    let kept = try optimizerState(for: spec).tensors.values.filter { $0.shape == spec.shape }
    var memory = TrainingMemory()
    memory.add("data", data.parts.reduce(0) { $0 + $1.set.byteCount })
    memory.add("parameters", Double(all * plan.dtype.byteCount))
    memory.add("gradients", Double(trained * plan.dtype.byteCount))
    memory.add("optimizer", kept.reduce(0) { $0 + Double(trained) * Double($1.spec.byteCount) })
    memory.add("best epoch", stopping == nil ? 0 : Double(all * plan.dtype.byteCount))
    memory.add("batch", batchBytes(of: plan, data, keepsAll: isEverything))
    return memory
  }

  /// How many values the stage trains, and whether they are all trainable ones.
  private func trainedCount(of plan: ModelPlan) -> (count: Int, isEverything: Bool) {
    var names: Set<String> = []
    for pattern in settings.parameters { names.formUnion(plan.entries(matching: pattern).map(\.name)) }
    for pattern in frozen { names.subtract(plan.entries(matching: pattern).map(\.name)) }
    let trainable = plan.entries.filter(\.isTrainable)
    let trained = trainable.filter { entry in
      names.contains(entry.name) && settings.layer.map { entry.name.hasPrefix("\($0).") } ?? true
    }
    return (trained.reduce(0) { $0 + $1.elementCount }, trained.count == trainable.count)
  }

  /// The inputs and outputs of the rows in a pass: the outputs of layers with parameters, if the backward pass needs
  /// all of them, but at least the largest output.
  private func batchBytes(of plan: ModelPlan, _ data: PreparedData, keepsAll: Bool) -> Double {
    guard settings.layer == nil else { return 0 }
    let counts = plan.outline.map { (Double($0.output.elementCount), hasParameters: $0.parameters > 0) }
    let largest = counts.map(\.0).max() ?? Double(plan.output.elementCount)
    let sum = counts.filter(\.hasParameters).reduce(0) { $0 + $1.0 }
    let isKept = keepsAll && objective is any DifferentiatedObjective
    let rows = data.rowCount(of: self)
    let trained = Double(min(settings.batchSize ?? rows, rows)) * (isKept ? max(sum, largest) : largest)
    let measured = Double(min(Stage.measuredAtOnce, data.parts.map(\.set.count).max() ?? 0)) * largest
    return max(trained, measured) * Double(plan.dtype.byteCount)
  }
}

extension DataSet {
  /// The size of inputs and targets.
  fileprivate var byteCount: Double {
    let tensors = [inputs, targets].compactMap { $0 } + furtherInputs.values.map(\.values)
    return tensors.reduce(0) { $0 + Double($1.spec.byteCount) }
  }
}
