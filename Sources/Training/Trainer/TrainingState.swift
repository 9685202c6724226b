import AviaryCore
import AviaryLayers
import AviaryOptimizers

/// Where a training stands: everything that resumes it bit for bit.
struct TrainingState {
  /// The stage under way.
  var stage = 0
  /// Epochs of the stage that are done.
  var epoch = 0
  /// Batches of the present epoch that are done.
  var batch = 0
  /// Updates of the stage that are done.
  var step = 0
  /// Whether all stages are done. The last one is then still the present one, so that it can go on.
  var isFinished = false
  /// The network and its parameters.
  var model: Model
  var optimizer = OptimizerState()
  var objective = ObjectiveState()
  /// The loss over the present epoch's batches, then each metric.
  var means: [MetricMean] = []
  var history: [EpochRecord] = []
  /// What was warned of, by stage.
  var warnings: [String: String] = [:]
  /// The parameters of the stage's best epoch.
  var best: (trainable: Tensor, state: Tensor)?
  /// The parameters of the stage's last epoch, where those of its best were put back.
  var last: (trainable: Tensor, state: Tensor)?

  init(model: Model) { self.model = model }

  /// The start of the next stage.
  mutating func enterNextStage() {
    stage += 1
    (epoch, batch, step) = (0, 0, 0)
    optimizer = OptimizerState()
    objective = ObjectiveState()
    means = []
    (best, last) = (nil, nil)
  }

  /// Whether the present stage has all its epochs, or was ended by its stopping rule.
  func isDone(with stage: Stage) throws -> Bool {
    if epoch >= stage.settings.epochs { return true }
    guard let rule = stage.stopping, epoch > 0, batch == 0 else { return false }
    return try rule.decide(records(of: stage.name), earlier: history.filter { $0.stage != stage.name }).stops
  }

  /// What the stage's stopping rule decides after its next epochs; nil where there is none.
  func decisions(of stage: Stage) throws -> ((EpochRecord) throws -> StoppingDecision)? {
    guard let rule = stage.stopping else { return nil }
    let next = try rule.decisions(earlier: history.filter { $0.stage != stage.name })
    for record in records(of: stage.name) { _ = try next(record) }
    return next
  }

  /// Takes up a finished training that has more to do: further epochs of its last stage, or further stages.
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

  /// The records of one stage.
  func records(of name: String) -> [EpochRecord] { history.filter { $0.stage == name } }
}
