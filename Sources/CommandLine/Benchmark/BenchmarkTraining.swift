import Aviary

/// The training of a benchmark network, step by step as the trainer does it.
package final class BenchmarkTraining {
  /// The network as trained so far.
  package private(set) var model: Model
  private let objective: any GradientObjective
  private let optimizer: any Optimizer
  private let trained: TrainedParameters
  private let batches: [Batch]
  private let random = RandomSource(seed: 1)
  private var objectiveState = ObjectiveState()
  private var optimizerState = OptimizerState()
  private var done = 0

  /// Draws the data and the initial parameters.
  package init(_ network: BenchmarkNetwork) throws {
    model = try network.model()
    objective = try network.objective()
    optimizer = try network.optimizer()
    trained = try TrainedParameters(model, matching: ["*"])
    batches = network.data(batches: network.batches, of: network.batchSize)
  }

  /// The next update. Throws if the objective or its gradient is no longer finite, since times would then mean nothing.
  package func step() throws {
    let progress = TrainingProgress(
      step: done, epoch: done / batches.count, stepsPerEpoch: batches.count, epochs: .max / batches.count)
    let context = Context(.training, random: random.at(step: done), progress: progress)
    let found = try objective.step(model, trained, batches[done % batches.count], context, &objectiveState)
    guard found.value.isFinite else { throw Diverged(step: done) }
    try found.gradient.requireFinite(step: done)
    let evaluation = Evaluation(gradient: found.gradient, loss: found.value, progress: progress)
    // Moved out for the call, because two parts of one object cannot be changed at once.
    var memory = OptimizerState()
    swap(&memory, &optimizerState)
    defer { swap(&memory, &optimizerState) }
    try trained.update(&model.parameters, after: found) {
      try optimizer.update(&$0, state: &memory, from: evaluation)
    }
    done += 1
  }

  private struct Diverged: Error, CustomStringConvertible {
    let step: Int
    var description: String { "the objective is not finite in step \(step)" }
  }
}
