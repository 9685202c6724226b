import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import AviaryTraining
import Testing

/// Recipes of things made in Swift.
@Suite struct SwiftRecipeTests {
  private static func chain(_ layers: any Layer...) -> Chain {
    var chain = Chain()
    chain.layers = layers
    return chain
  }

  /// The recipe of ``Support``, with something of every kind.
  private static func made() throws -> Recipe {
    try Recipe(
      name: "clouds", summary: "Two clouds.", model: chain(Dense(4, activation: Tanh()), Dropout(0.25), Dense(2)),
      data: TwoClassData(count: 40), split: StratifiedSplit(test: 0.1, validation: 0.1),
      transforms: [StandardizeTransform(), ScaleTransform(divisor: 2)],
      objective: Reconstruction(SigmoidCrossEntropy(), corruption: MaskingNoise(0.125)),
      optimizer: Adam(learningRate: CosineSchedule(from: 0.5, over: 12), beta1: 0.75),
      clipping: ClippingByGlobalNorm(threshold: 2),
      metrics: [ErrorRate(), SquaredError()], stopping: EarlyStopping("validation.error", patience: 3), epochs: 3,
      batchSize: 16, seed: 5, precision: .float64)
  }

  private static let text = """
    {
      "version": 1, "name": "clouds", "summary": "Two clouds.", "seed": 5, "precision": "float64",
      "data": {"name": "two-class", "count": 40}, "split": {"name": "stratified", "test": 0.1, "validation": 0.1},
      "transforms": ["standardize", {"name": "scale", "divisor": 2.0}],
      "model": {"name": "chain", "layers": [
        {"name": "dense", "units": 4, "activation": "tanh"}, {"name": "dropout", "rate": 0.25},
        {"name": "dense", "units": 2}]},
      "objective": {"name": "reconstruction", "loss": "sigmoid-cross-entropy",
        "corruption": {"name": "masking-noise", "rate": 0.125}},
      "optimizer": {"name": "adam", "learningRate": {"name": "cosine", "from": 0.5, "over": 12}, "beta1": 0.75},
      "clipping": {"name": "global-norm", "threshold": 2.0}, "metrics": ["error", "squared-error"],
      "stopping": {"name": "early-stopping", "monitor": "validation.error", "patience": 3},
      "epochs": 3, "batchSize": 16
    }
    """

  @Test func itIsWrittenAsOneWouldWriteIt() throws {
    #expect(try Self.made() == Recipe(parsing: Self.text))
  }

  @Test func writtenAndReadItIsTheSame() throws {
    let made = try Self.made()
    for prettyPrinted in [false, true] {
      #expect(try Recipe(parsing: made.document.json(prettyPrinted: prettyPrinted)) == made)
    }
  }

  @Test func itTrainsAsTheRecipeInJSON() throws {
    let made = try Recipe(
      name: "clouds", model: Self.chain(Dense(4, activation: Tanh()), Dense(2)), data: TwoClassData(count: 40),
      split: StratifiedSplit(test: 0.1, validation: 0.1), transforms: [StandardizeTransform()], epochs: 3,
      batchSize: 16, seed: 5)
    // What is left out stays with the model's proposals.
    #expect(made.document["optimizer"] == nil && made.document["objective"] == nil)
    let (own, written) = (try Trainer(made, in: registries).run(), try Trainer(recipe(), in: registries).run())
    #expect(own.scores == written.scores && own.history == written.history)
  }

  /// A transform without a name.
  private struct Nameless: Transform {
    func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors) throws -> Tensor { inputs }
  }

  /// An activation without a name.
  private struct Cube: Activation {
    func callAsFunction(_ x: Variable) -> Variable { x * x * x }
  }

  @Test func whatCannotBeWrittenIsToldWithItsPlace() throws {
    func refusal(
      _ layer: any Layer = Dense(2), name: String = "recipe", transforms: [any Transform] = [], epochs: Int? = nil
    ) -> String? {
      message {
        _ = try Recipe(
          name: name, model: Self.chain(Dense(4), layer), data: GatesData(.xor), transforms: transforms, epochs: epochs)
      }
    }
    #expect(refusal() == nil)
    let remedy = "cannot be written to a recipe because it is not registered"
    #expect(refusal(transforms: [ScaleTransform(), Nameless()]) == "transforms.1: Nameless \(remedy)")
    #expect(refusal(Dense(2, activation: Cube())) == "model.layers.1.activation: Cube \(remedy)")
    #expect(refusal(name: "a/b")?.hasPrefix("name: expected a name of letters") == true)
    #expect(refusal(epochs: -1) == "epochs: expected a whole number of at least 0, found -1")
  }
}
