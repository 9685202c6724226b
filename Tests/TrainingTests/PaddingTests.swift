import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// Padding is not data: a batch padded to twice its length, whatever the padding holds, has the same loss and the same
/// gradients.
@Suite struct PaddingTests {
  static let layers: [String] = [
    #"[{"name": "rnn", "units": 4}, {"name": "dense", "units": 3}]"#,
    #"[{"name": "lstm", "units": 4, "outputs": "all", "direction": "both"}, {"name": "lstm", "units": 3, "peepholes": true}, {"name": "dense", "units": 3}]"#,
    #"[{"name": "gru", "units": 4, "direction": "both"}, {"name": "dense", "units": 3}]"#,
    #"["positional-encoding", {"name": "transformer-block", "heads": 2}, "global-average-pool", {"name": "dense", "units": 3}]"#,
    #"[{"name": "transformer-block", "heads": 2, "causal": true}, "last-step", {"name": "dense", "units": 3}]"#,
    #"[{"name": "conv1d", "filters": 4, "window": 3, "padding": "same"}, "global-max-pool", {"name": "dense", "units": 3}]"#,
  ]

  @Test(arguments: layers.indices) func lossAndGradientsStay(_ index: Int) throws {
    try check(Self.layers[index], targets: Tensor([2, 0, 1]))
  }

  /// A label per step: those of padding are not counted.
  @Test func labelsOfStepsStay() throws {
    try check(
      #"[{"name": "gru", "units": 4, "outputs": "all"}, {"name": "time-distributed", "layers": [{"name": "dense", "units": 3}]}]"#,
      targets: Tensor([2, 0, 1, 1, 2, 0, 0, 1, 0, 0, 0, 0], shape: [3, 4]))
  }

  private func check(_ layers: String, targets: Tensor) throws {
    let specification = try Specification(ConfigurationValue(parsing: #"{"name": "sequential", "layers": \#(layers)}"#))
    let model = try Model(
      registries.make(.layer, specification), input: [4, 4], stepsVary: true, dtype: .float64, seed: 5)
    let x = RandomSource(seed: 2).normal([3, 4, 4], dtype: .float64)
    let data = StepRows(lengths: [4, 2, 1], steps: 4)
    func step(_ inputs: Tensor, _ targets: Tensor) throws -> ObjectiveStep {
      var batch = Batch(inputs: inputs, targets: targets, rows: [0, 1, 2])
      batch.lengths = data.lengths
      var memory = ObjectiveState()
      return try Supervised(SoftmaxCrossEntropy()).step(
        model, TrainedParameters(model, matching: ["*"]), batch, Context(.training), &memory)
    }
    let short = try step(data.filling(x, with: 0), targets)
    let wide = Tensor.concatenate(
      [data.filling(x, with: 9), Tensor(repeating: -3, shape: [3, 4, 4], dtype: .float64)], axis: 1)
    let wideTargets =
      targets.rank == 1
      ? targets : Tensor.concatenate([targets, Tensor(repeating: 1, shape: [3, 4], dtype: .int64)], axis: 1)
    let long = try step(wide, wideTargets)
    #expect(abs(short.value - long.value) < 1e-14 && short.value > 0.1)
    #expect((short.gradient - long.gradient).abs().max().item() < 1e-14)
    #expect(short.gradient.abs().max().item() > 1e-3)
    // The check is no law of every batch: data in place of padding changes the loss.
    let other = try step(data.filling(x, with: 0) * Tensor([1.0, 2, 1], shape: [3, 1, 1]), targets)
    #expect(abs(short.value - other.value) > 1e-6)
  }
}
