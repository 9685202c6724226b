import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// Changes of recipes that would train, and train something else than was meant.
@Suite struct RefusalTests {
  static let refusals: [(recipe: String, change: String, says: String)] = [
    (
      "line-gradient", "objective.loss=softmax-cross-entropy",
      "are probabilities, at least 0 and with the sum 1 in each row"
    ),
    ("digits-autoencoder", "model.loss=softmax-cross-entropy", "for other values take the loss 'mean-squared-error'"),
    ("digits-autoencoder", "objective=supervised", "tells 10 classes apart by outputs [10], and here they are [64]"),
    (
      "digits-sda", "stages.pretrain-1.objective=supervised",
      "stage 'pretrain-1': softmax-cross-entropy tells 10 classes"
    ),
    ("digits-residual", "model.layers.7.units=20", "give the last layer 10 units"),
    ("digits-autoencoder", "model.outputActivation=sigmoid", "model.outputActivation: expected identity, as the loss"),
    ("digits-sda", "model.outputActivation=sigmoid", "model.outputActivation: expected identity, as the loss"),
    ("line-bayesian", "epochs=5", "epochs: Bayes' rule counts each row once"),
    ("line-bayesian", "optimizer=adam", "optimizer: only 'sgd' with a learningRate of 1"),
    ("line-bayesian", "optimizer.momentum=0.5", "optimizer: only 'sgd' with a learningRate of 1"),
    ("line-least-squares", "clipping={\"name\":\"global-norm\",\"threshold\":1}", "without clipping"),
    ("line-least-squares", "batchSize=32", "batchSize: least squares take all 800 training rows at once"),
    ("digits-softmax", "optimizer=line-search", "needs all 1438 training rows in each batch, and there are 32"),
    ("digits-softmax", "data={}", "data: missing; expected a name"),
    ("digits-softmax", "model={\"units\": [3]}", "model: missing; expected a name"),
    ("digits-softmax", "metrics=[\"squared-error\"]", "'squared-error' does not apply to what the model predicts"),
    (
      "digits-mlp", #"stopping={"name":"patience","monitor":"test.accuracy"}"#,
      "stopping.monitor: expected a number that is better small"
    ),
    (
      "digits-maxout", #"stages.all.stopping={"name":"match","target":"train.error"}"#,
      "stopping.target: expected a number of the monitor's kind, such as train.loss"
    ),
  ]

  @Test(arguments: refusals) func aChangeIsRefused(recipe: String, change: String, says: String) throws {
    let recipe = try ZooTests.recipe(recipe, change)
    let error = #expect(throws: (any Error).self) { try Trainer(recipe, in: .standard) }
    #expect("\(try #require(error))".contains(says))
  }

  @Test(arguments: [
    ("line-bayesian", "optimizer={\"name\":\"sgd\",\"learningRate\":1,\"momentum\":0}"),
    ("line-bayesian", "batchSize=7"),
    ("line-least-squares", "batchSize=800"), ("digits-softmax", "optimizer={\"name\":\"sgd\",\"learningRate\":0.2}"),
    ("digits-maxout", "optimizer.nesterov=true"), ("digits-maxout", "stages.train.epochs=1"),
  ])
  func othersAreNot(recipe: String, change: String) throws {
    _ = try Trainer(ZooTests.recipe(recipe, change), in: .standard)
  }

  @Test func oneClassIsNone() throws {
    let folder = try ScratchFolder()
    let table = "a,b,class\n" + (0..<20).map { "\($0),\($0 % 3),x\n" }.joined()
    try folder.write(table.utf8, to: "one.csv")
    let recipe = Recipe([
      "version": 1, "data": ["name": "csv", "file": .string(folder["one.csv"])], "split": "fractions", "model": "mlp",
    ])
    let error = #expect(throws: LossError.self) { try Trainer(recipe, in: .standard) }
    #expect("\(try #require(error))".contains("at least two classes"))
  }

  /// A rate that has faded away drops nothing in Monte Carlo inference either; one that has risen does.
  @Test(arguments: [(0.6, 0.0), (0.0, 0.6)]) func monteCarloGoesOnWhereTheTrainingEnded(from: Double, to: Double) throws
  {
    let folder = try ScratchFolder()
    var options = Trainer.Options()
    options.output = folder["run"]
    let recipe = Recipe([
      "version": 1, "data": "digits", "split": "stratified", "epochs": 3,
      "model": [
        "name": "network",
        "layers": [
          ["name": "dense", "units": 8],
          [
            "name": "dropout",
            "rate": ["name": "linear", "from": .number(from), "to": .number(to), "over": 3, "unit": "epoch"],
          ],
          ["name": "dense", "units": 10],
        ],
      ],
    ])
    try Trainer(recipe, in: .standard, options: options).run()
    let run = try FinishedRun(folder["run"], in: .standard)
    #expect(run.progress.epoch == 3 && run.progress.fraction == 1)
    let (plain, drawn) = (try run.scores(), try run.scores(samples: 5))
    let variance = try #require(drawn["test"]?.values["variance"])
    #expect((variance < 1e-12) == (to == 0))
    let losses = try [plain, drawn].map { try #require($0["test"]?.values["loss"]) }
    #expect((abs(losses[0] - losses[1]) < 1e-6) == (to == 0))
    let inputs = try run.preprocessing(DigitsData().load().inputs[0..<5])
    let spread = run.model.monteCarlo(inputs, samples: 5, random: RandomSource(seed: 1), progress: run.progress)
      .variance
    #expect((spread.max().item() == 0) == (to == 0))
  }

  /// Batch normalization's running means and a norm's bound need the whole update.
  @Test func theUpdateAfterAStepIsWhole() throws {
    let network = Sequential {
      Dense(3, weightConstraint: MaxNorm(0.1))
      BatchNorm()
    }
    var model = try Model(network, input: [4], dtype: .float64, seed: 1)
    let trained = try TrainedParameters(model, matching: ["*"])
    let batch = Batch(
      inputs: RandomSource(seed: 2).normal([8, 4], dtype: .float64), targets: Tensor([0, 1, 2, 0, 1, 2, 0, 1]),
      rows: Array(0..<8))
    var memory = ObjectiveState()
    let step = try Supervised(SoftmaxCrossEntropy()).step(model, trained, batch, Context(.training), &memory)
    let before = model.parameters
    trained.update(&model.parameters, after: step) { $0 = $0 - step.gradient }
    #expect((before.state .!= model.parameters.state).any().item() == 1)
    let norms = model.parameters["0.dense.weight"].square().sum(axes: [0]).sqrt()
    #expect(norms.max().item() <= 0.1 + 1e-12)
  }
}
