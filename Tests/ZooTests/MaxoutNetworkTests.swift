import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining
import AviaryZoo
import Testing

@Suite struct MaxoutNetworkTests {
  /// The outputs of one of the chain's layers for ones in training.
  private func dropped(_ model: Model, _ layer: String) throws -> Tensor {
    let part = try model.part(layer).part
    var context = Context(.training, random: RandomSource(seed: 1))
    let ones = Variable(Tensor.ones(part.inputShape.inserting(500, at: 0)))
    return part.forward(ones, part.parameters.variables { _ in false }, &context).value
  }

  /// As in the paper: a fifth of the inputs is dropped without scaling the rest; half of the hidden units, doubling the
  /// rest.
  @Test func inputsAndHiddenUnitsAreDroppedByTheirOwnRatesAndScales() throws {
    let definition = try Registries.standard.make(
      .model, "maxout",
      ["units": [20], "pieces": 2, "convolutions": [["channels": 6, "pieces": 2, "window": 3, "pool": 2]]])
    let model = try definition.built(for: .image(6, 6, 1), classes: 3, seed: 1)
    for (layer, rate, scale) in [("0.dropout", 0.2, 1.0), ("3.dropout", 0.5, 2), ("5.dropout", 0.5, 2)] {
      let output = try dropped(model, layer)
      #expect(abs((output .== 0).cast(to: .float64).mean().item() - rate) < 0.02, "\(layer)")
      #expect(((output .== 0).logicalOr(output .== scale)).all().scalars(as: Bool.self) == [true], "\(layer)")
    }
    let own = try Registries.standard.make(
      .model, "maxout", ["units": [20], "inputDropout": 0, "dropout": 0.2, "dropoutScale": 3])
    #expect(try dropped(own.built(for: [4], classes: 3, seed: 1), "1.dropout").max().item() == 3)
  }

  /// During training, no piece's weights, including filters of convolutions, exceed the maximum norm, and some reach
  /// it.
  @Test func normsArePieceByPiece() throws {
    let model = try ZooTests.run(
      "digits-maxout", "model.maxNorm=0.6", "model.units=[8]", "model.pieces=2",
      #"model.convolutions=[{"channels":4,"pieces":3,"window":3,"pool":2,"maxNorm":0.4}]"#,
      #"stages=[{"name":"train","epochs":3,"optimizer":{"name":"adam","learningRate":0.01}}]"#
    ).model
    for (name, bound) in [("1.maxout-conv2d.weight", 0.4), ("4.maxout.weight", 0.6), ("6.dense.weight", 0.6)] {
      let weight = model.parameters[name]
      let norms = weight.reshaped(to: [-1, weight.shape[-1]]).square().sum(axes: [0]).sqrt()
      #expect(abs(norms.max().item() - bound) < 1e-6, "\(name)")
    }
    #expect(model.parameters["1.maxout-conv2d.weight"].shape == [3, 3, 1, 12])
  }
}
