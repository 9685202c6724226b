import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// Initial values that give each layer's outputs the variance 1.
@Suite struct LayerVarianceTests {
  private static let layers =
    #"model.layers=[{"name":"dense","units":8,"activation":"tanh"},{"name":"dense","units":6},{"name":"dense","units":2}]"#
  private static let stages =
    #"stages=[{"name":"lsuv","objective":{"name":"layer-variance","tolerance":0.01},"epochs":1,"batchSize":null},{"name":"train","epochs":0}]"#

  @Test func everyLayersOutputsHaveTheVarianceOne() throws {
    let trainer = try Trainer(recipe(Self.layers, Self.stages), in: registries)
    let model = try trainer.run().model
    let inputs = trainer.data.train.inputs
    for place in 1..<3 {
      let variance = try model.layers(0..<place + 1)(inputs).variance().item()
      #expect(abs(variance - 1) < 0.011, "layer \(place): \(variance)")
    }
    // Two orthonormal rows, scaled.
    let weight = model.parameters["1.dense.weight"]
    let products = weight.transposed().matmul(weight)
    #expect((products / products[0, 0].item() - Tensor.identity(6)).abs().max().item() < 1e-5)
    #expect(model.parameters["1.dense.bias"].abs().max().item() == 0)
  }

  @Test func aTrainingGoesOnFromThere() throws {
    let folder = try ScratchFolder()
    let stages =
      #"stages=[{"name":"lsuv","objective":"layer-variance","epochs":1,"batchSize":null},{"name":"train","epochs":4}]"#
    let whole = try Trainer(recipe(Self.layers, stages), in: registries, options: ResumeTests.options(folder["whole"]))
      .run()
    #expect(whole.history.map(\.stage) == ["lsuv", "train", "train", "train", "train"])
    #expect(whole.history[4].values["train.loss"] ?? 9 < whole.history[1].values["train.loss"] ?? 0)
  }

  @Test func modelsWithoutAChainAreRefused() {
    let found = message {
      _ = try Trainer(
        recipe(#"model.layers=["flatten"]"#, #"stages=[{"name":"lsuv","objective":"layer-variance"}]"#), in: registries)
    }
    #expect(found?.contains("but no layer has any") == true, "\(found ?? "")")
  }
}
