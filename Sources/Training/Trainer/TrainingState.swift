import AviaryCore
import AviaryLayers
import AviaryOptimizers

/// The state of a training: everything needed to resume it bit for bit.
struct TrainingState {
  /// The current stage.
  var stage = 0
  /// Epochs of the stage done so far.
  var epoch = 0
  /// Batches of the current epoch done so far.
  var batch = 0
  /// Updates of the stage done so far.
  var step = 0
  /// Whether all stages are done. The last one then stays current, so it can continue.
  var isFinished = false
  /// The network with its parameters.
  var model: Model
  var optimizer = OptimizerState()
  var objective = ObjectiveState()
  /// The loss over the current epoch's batches, then each metric.
  var means: [MetricMean] = []
  var history: [EpochRecord] = []
  /// Warnings by stage.
  var warnings: [String: String] = [:]
  /// The parameters of the stage's best epoch.
  var best: (trainable: Tensor, state: Tensor)?
  /// The parameters of the stage's last epoch, if those of its best epoch were restored.
  var last: (trainable: Tensor, state: Tensor)?

  init(model: Model) { self.model = model }

  /// Moves to the start of the next stage.
  mutating func enterNextStage() {
    stage += 1
    (epoch, batch, step) = (0, 0, 0)
    optimizer = OptimizerState()
    objective = ObjectiveState()
    means = []
    (best, last) = (nil, nil)
  }

  /// Whether the current stage has all its epochs, or its stopping rule ended it.
  func isDone(with stage: Stage) throws -> Bool {
    if epoch >= stage.settings.epochs { return true }
    guard let rule = stage.stopping, epoch > 0, batch == 0 else { return false }
    return try rule.decide(records(of: stage.name), earlier: history.filter { $0.stage != stage.name }).stops
  }

  /// The stopping rule's decisions after the stage's next epochs; nil without a rule.
  func decisions(of stage: Stage) throws -> ((EpochRecord) throws -> StoppingDecision)? {
    guard let rule = stage.stopping else { return nil }
    let next = try rule.decisions(earlier: history.filter { $0.stage != stage.name })
    for record in records(of: stage.name) { _ = try next(record) }
    return next
  }

  /// Continues a finished training that has more to do: further epochs of its last stage, or further stages.
  mutating func reopen(for stages: [Stage]) throws {
    guard isFinished, stage < stages.count else { return }
    let isDone = try isDone(with: stages[stage])
    if !isDone, let last { (model.parameters.trainable, model.parameters.state) = (last.trainable, last.state) }
    if !isDone {
      (last, isFinished) = (nil, false)
    } else if stage + 1 < stages.count {
      enterNextStage()
      isFinished = false
    }
  }

  func records(of name: String) -> [EpochRecord] { history.filter { $0.stage == name } }
}
