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
  /// Whether all stages are done.
  var isFinished = false
  /// The network and its parameters.
  var model: Model
  var optimizer = OptimizerState()
  var objective = ObjectiveState()
  /// The loss over the present epoch's batches, then each metric.
  var means: [MetricMean] = []
  var history: [EpochRecord] = []
  /// The parameters of the stage's best epoch.
  var best: (trainable: Tensor, state: Tensor)?

  init(model: Model) { self.model = model }

  /// The start of the next stage.
  mutating func enterNextStage() {
    stage += 1
    (epoch, batch, step) = (0, 0, 0)
    optimizer = OptimizerState()
    objective = ObjectiveState()
    means = []
    best = nil
  }

  /// The records of one stage.
  func records(of name: String) -> [EpochRecord] { history.filter { $0.stage == name } }
}
