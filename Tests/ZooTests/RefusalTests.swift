import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// Changes of recipes that would train something other than intended.
@Suite struct RefusalTests {
  @Test(arguments: ["priorPrecision", "noisePrecision"]) func precisionsWithoutAPosterior(_ name: String) throws {
    for method in ["closed-form", "gradient"] {
      let fields: ConfigurationObject = ["method": .string(method), name: 7]
      #expect(throws: ConfigurationError.self) {
        try Registries.standard.make(.model, Specification("linear-regression", fields))
      }
    }
    #expect(throws: Never.self) {
      try Registries.standard.make(.model, Specification("linear-regression", ["method": "bayesian", name: 7]))
    }
  }

  /// Sequences of different lengths are no rows of a run on equal ones.
  @Test func unequalSequencesOfALaterFile() throws {
    let folder = try ScratchFolder()
    func write(_ name: String, _ rows: [String]) throws {
      let head = "@problemName a\n@timeStamps false\n@univariate true\n@classLabel true a b\n@data\n"
      try folder.write(Array((head + rows.joined(separator: "\n") + "\n").utf8), to: name)
    }
    try write("a.ts", (0..<12).map { "\($0),2,3:\($0 % 2 == 0 ? "a" : "b")" })
    try write("b.ts", ["1,2,3:a", "1,2,3,4:b"])
    var options = Trainer.Options()
    options.output = folder["run"]
    let recipe = try Recipe(
      parsing: """
        {"version": 1, "name": "series", "data": {"name": "time-series", "file": "\(folder["a.ts"])"}, "epochs": 1,
         "split": {"name": "fractions", "test": 0.25},
         "model": {"name": "network", "layers": ["flatten", {"name": "dense", "units": 2}]}}
        """, source: "series.json")
    _ = try Trainer(recipe, in: .standard, options: options).run()
    let run = try FinishedRun(folder["run"], in: .standard)
    let error = #expect(throws: DataError.self) { try run.scores(file: folder["b.ts"]) }
    #expect(error.map { "\($0)" }?.contains("differ in length") == true)
  }

  /// A classifier's error names the model and what its data lacks.
  @Test func whatIsNoClassification() throws {
    let models = [
      "adaline", "cnn", "lenet", "logistic-regression", "maxout", "mlp", "perceptron", "softmax-regression",
    ]
    for name in models {
      func refusal(_ classes: Int?, _ target: Shape?) throws -> String {
        let task = LearningTask(input: [16, 16, 1], classes: classes, target: target)
        let definition = try Registries.standard.make(.model, Specification(name))
        do {
          _ = try definition.network(for: task)
          return ""
        } catch {
          return "\(error)"
        }
      }
      let start = "the model '\(name)' is a classifier, but the data"
      #expect(
        try refusal(nil, nil).hasPrefix(start + " has no targets; name their column with data.target"), "\(name)")
      #expect(try refusal(nil, [1]).hasPrefix(start + "'s targets are not labels"), "\(name)")
      #expect(try refusal(1, nil).contains("all rows have the same label"), "\(name)")
    }
  }

  static let refusals: [(recipe: String, change: String, says: String)] = [
    (
      "line-gradient", "objective.loss=softmax-cross-entropy",
      "must be probabilities, at least 0 and with the sum 1 in each row"
    ),
    ("digits-autoencoder", "model.loss=softmax-cross-entropy", "probabilities use the loss 'mean-squared-error'"),
    ("digits-autoencoder", "objective=supervised", "needs outputs [10] for 10 classes, but here they are [64]"),
    (
      "digits-sda", "stages.pretrain-1.objective=supervised",
      "stage 'pretrain-1': softmax-cross-entropy needs outputs [10] for 10 classes"
    ),
    ("digits-residual", "model.layers.7.units=20", "give the last layer 10 units"),
    ("digits-mlp", "objective.loss=nll", "end it with 'log-softmax', or use the loss 'softmax-cross-entropy'"),
    (
      "digits-residual", #"model.layers.7={"name":"dense","units":10,"activation":"sparsemax"}"#,
      "the last layer ends with 'sparsemax'"
    ),
    (
      "digits-autoencoder", "objective={\"name\":\"supervised\",\"loss\":\"multi-class-hinge\"}",
      "multi-class-hinge needs outputs [10] for 10 classes, but here they are [64]"
    ),
    ("digits-autoencoder", "model.outputActivation=sigmoid", "the last layer ends with 'sigmoid'"),
    ("digits-sda", "model.outputActivation=sigmoid", "the last layer ends with 'sigmoid'"),
    ("line-bayesian", "epochs=5", "epochs: Bayes' rule counts each row once"),
    ("line-bayesian", "optimizer=adam", "optimizer: no stage uses an optimizer: 'gaussian-posterior' fits the"),
    ("line-bayesian", "optimizer.momentum=0.5", "optimizer: no stage uses an optimizer"),
    (
      "line-bayesian", "stages.train.optimizer=adam", "stages.train.optimizer: the objective 'gaussian-posterior' fits"
    ),
    (
      "line-bayesian", "parameters=[\"*.weight\"]",
      "parameters: the objective 'gaussian-posterior' fits all parameters"
    ),
    ("line-least-squares", "clipping={\"name\":\"global-norm\",\"threshold\":1}", "clipping: no stage uses"),
    ("digits-softmax", "optimizer=null", "optimizer: missing; expected an optimizer for the gradients of"),
    ("line-least-squares", "batchSize=32", "batchSize: 'least-squares' needs all 800 training rows in one batch"),
    ("digits-softmax", "optimizer=line-search", "needs all 1438 training rows in each batch, not 32"),
    ("digits-softmax", "data={}", "data.name: missing; expected the name"),
    ("digits-softmax", "model={\"units\": [3]}", "model.name: missing; expected the name"),
    ("digits-softmax", "metrics=[\"squared-error\"]", "'squared-error' does not apply to the predictions and targets"),
    (
      "digits-residual", #"model.layers.7={"name":"dense","units":10,"activation":"softmax"}"#,
      "the last layer ends with 'softmax'"
    ),
    (
      "digits-mlp", #"stopping={"name":"patience","monitor":"test.accuracy"}"#,
      "stopping.monitor: expected a value that should be small"
    ),
    (
      "digits-maxout", #"stages.all.stopping={"name":"match","target":"train.error"}"#,
      "stopping.target: expected a value of the monitor's kind, such as train.loss"
    ),
  ]

  @Test(arguments: refusals) func aChangeIsRefused(recipe: String, change: String, says: String) throws {
    let recipe = try ZooTests.recipe(recipe, change)
    let error = #expect(throws: (any Error).self) { try Trainer(recipe, in: .standard) }
    #expect("\(try #require(error))".contains(says))
  }

  @Test(arguments: [
    // As earlier releases wrote it into their runs.
    ("line-bayesian", "stages.train.optimizer={\"name\":\"sgd\",\"learningRate\":1,\"momentum\":0}"),
    ("line-bayesian", "batchSize=7"),
    ("line-least-squares", "batchSize=800"), ("digits-softmax", "optimizer={\"name\":\"sgd\",\"learningRate\":0.2}"),
    ("digits-maxout", "optimizer.nesterov=true"), ("digits-maxout", "stages.train.epochs=1"),
  ])
  func othersAreNot(recipe: String, change: String) throws {
    _ = try Trainer(ZooTests.recipe(recipe, change), in: .standard)
  }

  /// The rows of a second phase are those of both parts.
  @Test(arguments: [(700, false), (800, true)]) func fullBatchesAreTheStagesRows(size: Int, isFull: Bool) throws {
    let changes = ["split.validation=0.1", #"rows=["train","validation"]"#, "batchSize=\(size)"]
    var recipe = try ZooTests.recipe("line-least-squares")
    for change in changes { try recipe.set(change) }
    if isFull {
      _ = try Trainer(recipe, in: .standard)
    } else {
      #expect(throws: ConfigurationError.self) { try Trainer(recipe, in: .standard) }
    }
  }

  /// A file of labels may lack the last classes; where these have names, it is known.
  @Test func moreOutputsThanLabels() throws {
    let folder = try ScratchFolder()
    let table = "a,b,class\n" + (0..<30).map { "\($0),\($0 % 3),\($0 % 3)\n" }.joined()
    try folder.write(table.utf8, to: "three.csv")
    for (units, isTaken) in [(3, true), (5, true), (2, false)] {
      let recipe = Recipe([
        "version": 1, "data": ["name": "csv", "file": .string(folder["three.csv"])], "split": "fractions",
        "model": ["name": "network", "layers": [["name": "dense", "units": .integer(units)]]],
      ])
      if isTaken {
        _ = try Trainer(recipe, in: .standard)
      } else {
        #expect(throws: LossError.self) { try Trainer(recipe, in: .standard) }
      }
    }
  }

  /// Found among all rows, before anything is trained.
  @Test func aRowThatIsNoDistribution() throws {
    let folder = try ScratchFolder()
    var targets = [[Double]](repeating: [0.25, 0.75], count: 60)
    func recipe() throws -> Recipe {
      try NPZ.write(
        ["x": RandomSource(seed: 1).uniform([60, 3]), "y": Tensor(targets)], to: folder["soft.npz"])
      return Recipe([
        "version": 1, "data": ["name": "npz", "file": .string(folder["soft.npz"])], "split": "fractions",
        "model": ["name": "network", "layers": [["name": "dense", "units": 2]]],
      ])
    }
    _ = try Trainer(recipe(), in: .standard)
    targets[41] = [1, 1]
    let error = #expect(throws: LossError.self) { try Trainer(recipe(), in: .standard) }
    #expect("\(try #require(error))".contains("divide rows by their sums"))
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
