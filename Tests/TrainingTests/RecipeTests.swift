import AviaryData
import AviaryRegistry
import AviaryTraining
import Testing

@Suite struct RecipeTests {
  /// Several changes mean the same in any order; those that undo each other are refused in any order.
  @Test(arguments: [
    ["optimizer.learningRate=0.5", "optimizer.name=sgd"], ["optimizer.learningRate=0.5", "optimizer=sgd"],
    ["data.noise=0.5", "data=two-class"], ["stages.train.epochs=3", "epochs=4", "seed=3"],
    ["transforms.1.divisor=2", "transforms.1=scale", "transforms=[\"standardize\"]"],
    ["optimizer.momentum=0.5", "optimizer={\"learningRate\":0.2}", "optimizer.name=sgd"],
  ]) func changesInAnyOrder(_ changes: [String]) throws {
    let base = try recipe()
    var expected: Recipe?
    for turn in changes.indices {
      for order in [changes, changes.reversed()] {
        var changed = base
        try changed.set(Array(order[turn...] + order[..<turn]))
        #expect(changed == expected ?? changed)
        expected = changed
      }
    }
  }

  @Test(arguments: [
    ["seed=1", "seed=2"], ["optimizer=sgd", "optimizer.name=adam"],
    ["optimizer={\"name\":\"sgd\",\"learningRate\":1}", "optimizer.learningRate=2"],
    ["clipping=null", "clipping.name=x"],
    ["transforms=[\"scale\"]", "transforms.0=standardize"],
    ["transforms.0.name=scale", "transforms.standardize.per=all"],
  ]) func contradictingChangesAreRefused(_ changes: [String]) throws {
    for order in [changes, changes.reversed()] {
      var changed = try recipe()
      let found = message { try changed.set(order) }
      #expect(found != nil, "\(changes)")
      if found?.contains("contradict") == true {
        #expect(changes.allSatisfy { found?.contains("'\($0)'") == true }, "\(found ?? "")")
      }
    }
  }

  /// Requested metrics are measured or refused; metrics that were not requested do no harm.
  @Test func metricsThatWereAskedForAreMeasured() throws {
    let objective = #"objective={"name":"reconstruction","loss":"mean-squared-error"}"#
    let trained = try Trainer(recipe(objective), in: registries)
    #expect(trained.recipe.document["stages"]?[0]?["metrics"] == .null)
    for change in [#"metrics=["accuracy"]"#, #"stages.train.metrics=["accuracy"]"#] {
      let found = message { _ = try Trainer(recipe(objective, change), in: registries) }
      #expect(found?.contains("metrics: 'accuracy' does not apply") == true, "\(found ?? "no error")")
    }
    // Requested at the top level, it must be measured in some stage, and the document states where.
    let objectives = [
      "model.pretrains=true", #"stages.pretrain.objective={"name":"reconstruction","loss":"mean-squared-error"}"#,
    ]
    let trainer = try Trainer(recipe(objectives + [#"metrics=["accuracy","error"]"#]), in: registries)
    let document = trainer.recipe.document
    #expect(document["stages"]?[0]?["metrics"] == [] && document["stages"]?[1]?["metrics"] == ["accuracy", "error"])
    #expect(try Trainer(Recipe(document), in: registries).recipe.document == document)
    let found = message {
      _ = try Trainer(recipe(objectives + [#"stages.pretrain.metrics=["accuracy"]"#]), in: registries)
    }
    #expect(found?.contains("stage 'pretrain': metrics: 'accuracy' does not apply") == true, "\(found ?? "no error")")
  }

  @Test(
    arguments: [
      ([], .labels), (["objective.loss=mean-squared-error"], .values), (["objective.loss=huber"], .values),
      (["objective.loss=mean-absolute-error"], .values), (["objective.loss=sigmoid-cross-entropy"], .automatic),
      (["objective=reconstruction"], .automatic),
      (["model.pretrains=true", "stages.train.objective=reconstruction"], .labels),
    ] as [([String], TargetKind)])
  func targetsAreWhatTheLossTakesThemFor(_ changes: [String], _ expected: TargetKind) throws {
    #expect(try recipe(changes).resolved(in: registries).targetKind == expected)
  }

  @Test func laterLayersWin() throws {
    // Defaults, the model's proposal, the top level, the stage.
    let stages = try recipe(
      "model.pretrains=true", "epochs=7", "optimizer.learningRate=0.25", "stages.train.optimizer.nesterov=true",
      "stages.train.batchSize=null"
    ).resolved(in: registries).stages
    #expect(stages.map(\.name) == ["pretrain", "train"])
    #expect(stages[0].settings.parameters == ["0.*"] && stages[1].settings.parameters == ["*"])
    #expect(stages[0].settings.epochs == 7 && stages[1].settings.epochs == 7)
    #expect(stages[0].settings.batchSize == 16 && stages[1].settings.batchSize == nil)
    #expect(stages[0].settings.optimizer == Specification("sgd", ["learningRate": 0.25]))
    let optimizer: ConfigurationObject = ["learningRate": 0.25, "momentum": 0.5, "nesterov": true]
    #expect(stages[1].settings.optimizer?.value == Specification("sgd", optimizer).value)
    // Another name brings none of the old one's keys.
    let other = try recipe("optimizer.learningRate=0.25", "stages.train.optimizer.name=adam").resolved(in: registries)
    #expect(other.stages[0].settings.optimizer == "adam")
  }

  @Test func aListTakesTheProposalsPlace() throws {
    let stages = try recipe(
      #"stages=[{"name": "warm", "epochs": 1}, {"name": "train", "epochs": 2}]"#,
      "stages.train.optimizer.learningRate=0.5", "stages.warm.optimizer.name=adagrad", "stages.0.epochs=4"
    ).resolved(in: registries).stages
    #expect(stages.map(\.name) == ["warm", "train"])
    #expect(stages.map(\.settings.epochs) == [4, 2])
    #expect(stages[0].settings.optimizer == "adagrad")
    #expect(stages[1].settings.optimizer?.configuration["momentum"] == 0.5)
    #expect(stages[1].settings.optimizer?.configuration["learningRate"] == 0.5)
  }

  @Test(arguments: [
    [], ["model.pretrains=true"], ["clipping=global-norm", "stopping=early-stopping"],
    [#"optimizer={"name":"adam","learningRate":{"name":"step","initial":0.1}}"#],
    ["batchSize=null", "precision=float64"],
    [#"stages=[{"name": "a"}, {"name": "train", "objective": "plain", "metrics": []}]"#],
  ])
  func theResolvedDocumentResolvesToItself(_ changes: [String]) throws {
    let document = try recipe(changes).resolved(in: registries).document
    let text = document.json(prettyPrinted: true)
    let again = try Recipe(parsing: text).resolved(in: registries).document
    #expect(again == document)
    #expect(again.json(prettyPrinted: true) == text)
    #expect(document["transforms"]?[0]?["per"] == "feature")
  }

  @Test func epochsOfTheLastStage() throws {
    for changes in [[], ["stages=null"], ["stages.train.epochs=9"], [#"stages=[{"name": "a"}, {"name": "b"}]"#]] {
      var recipe = try recipe(changes + ["model.pretrains=true"])
      try recipe.setLastStageEpochs(42, in: registries)
      let epochs = try recipe.resolved(in: registries).stages.map(\.settings.epochs)
      #expect(epochs == [3, 42], "\(changes)")
    }
  }

  @Test func theRecipesNameIsButAName() throws {
    let renamed = try recipe("name=other")
    #expect(renamed.name == "other")
    #expect(try renamed.resolved(in: registries).stages[0].settings.batchSize == 16)
  }

  /// Errors in a recipe that was not read from a file begin with its name.
  @Test func errorsNameTheRecipe() throws {
    let named = Recipe(["name": "mine", "data": "gates", "model": "chain", "epoch": 3])
    #expect(message { _ = try named.resolved(in: registries) }?.hasPrefix("mine: epoch: unknown key") == true)
    let nameless = Recipe(["data": "gates", "model": "chain", "epoch": 3])
    #expect(message { _ = try nameless.resolved(in: registries) }?.hasPrefix("recipe: epoch: unknown key") == true)
    #expect(message { _ = try Recipe([]).resolved(in: registries) }?.hasPrefix("recipe: expected an object") == true)
    let filed = Recipe(named.document, source: "a/b.json")
    #expect(message { _ = try filed.resolved(in: registries) }?.hasPrefix("a/b.json: epoch: unknown key") == true)
  }

  /// Mistakes, and their messages: place, expectation, nearest name.
  static let mistakes: [(change: String, message: String)] = [
    ("optimzer=adam", "optimzer: unknown key; did you mean 'optimizer'? (known: version,"),
    ("epoch=3", "epoch: unknown key; did you mean 'epochs'?"),
    ("version=2", "version: expected 1, the recipe version that this release reads, found 2"),
    ("version=one", #"version: expected a whole number, found "one""#),
    ("seed=-1", "seed: expected a whole number of at least 0, found -1"),
    ("seed=1.5", "seed: expected a whole number, found 1.5"),
    (
      "precision=float16", #"precision: expected one of "float32", "float64", found "float16"; did you mean 'float32'?"#
    ),
    ("name=../up", "name: expected a name of letters, digits and hyphens, found \"../up\""),
    ("name=", "name: expected a name of letters, digits and hyphens, found \"\""),
    ("name=[]", "name: expected a string, found an empty array"),
    ("data=null", "data: expected a name or an object with a \"name\", found null"),
    ("data=two-clas", "data: unknown data-set 'two-clas'; did you mean 'two-class'?"),
    ("data.count=0", "data.count: expected a whole number in [1, 10000000], found 0"),
    ("data.counts=3", "data.counts: unknown key; did you mean 'count'?"),
    ("split.test=1.5", "split.test: expected"),
    ("split.tests=0.1", "split.tests: unknown key; did you mean 'test'?"),
    ("transforms=scale", "transforms: expected a list, each element the name of a transform"),
    ("transforms.0.per=pixel", #"transforms.0.per: expected one of "feature", "channel", "all", found "pixel""#),
    ("transforms.0.name=standardise", "transforms.0: unknown transform 'standardise'; did you mean 'standardize'?"),
    ("model=null", "model: expected a name"),
    ("model.name=chian", "model: unknown model 'chian'; did you mean 'chain'?"),
    ("model.layers.0.units=0", "model.layers.0.units: expected a whole number above 0, found 0"),
    ("model.layers.0.activation=tanhh", "model.layers.0.activation: unknown activation 'tanhh'; did you mean 'tanh'?"),
    ("model.layers.1.unit=3", "model.layers.1.unit: unknown key; did you mean 'units'?"),
    ("optimizer.name=adma", "optimizer: unknown optimizer 'adma'; did you mean 'adam'?"),
    ("optimizer.learningRate=fast", "optimizer.learningRate:"),
    ("optimizer.learningRate=-1", "optimizer.learningRate: expected a number above 0, found -1.0"),
    ("optimizer.learningRat=1", "optimizer.learningRat: unknown key; did you mean 'learningRate'?"),
    (
      #"optimizer.learningRate={"name":"stepp"}"#,
      "optimizer.learningRate: unknown schedule 'stepp'; did you mean 'step'?"
    ),
    ("optimizer={\"momentum\":2}", "optimizer.momentum:"),
    (
      "stages.train.optimizer.learningRate=0",
      "stages.train.optimizer.learningRate: expected a number above 0"
    ),
    ("stages.train.optimizer=adamm", "stages.train.optimizer: unknown optimizer 'adamm'; did you mean 'adam'?"),
    ("stages.train.epochs=-1", "stages.train.epochs: expected a whole number of at least 0, found -1"),
    ("stages.train.batchsize=2", "stages.train.batchsize: unknown key; did you mean 'batchSize'?"),
    ("stages.trian.epochs=1", "stages: unknown stage 'trian'; did you mean 'train'? (known: train)"),
    ("stages.train=3", "stages.train: expected an object, found 3"),
    ("stages=3", "stages: expected an object of stages by name, or a list of stages, found 3"),
    ("stages=[]", "stages: expected at least one stage, found an empty array"),
    (#"stages=[{"epochs":1}]"#, "stages.0: expected an object with a \"name\""),
    (#"stages=[{"name":"a,b"}]"#, "stages.0.name: expected a name of letters, digits and hyphens, found \"a,b\""),
    (#"stages=[{"name":"a"},{"name":"a"}]"#, "stages.1: a second stage 'a'"),
    (#"stages=[{"name":"a"},{"name":"b","epochs":"two"}]"#, "stages.1.epochs: expected a whole number, found \"two\""),
    (#"stages=[{"name":"a","metrics":["acc"]}]"#, "stages.0.metrics.0: unknown metric 'acc'; did you mean 'accuracy'?"),
    ("batchSize=0", "batchSize: expected a whole number above 0, found 0"),
    ("evaluateEvery=0", "evaluateEvery: expected a whole number above 0, found 0"),
    ("shuffle=1", "shuffle: expected true or false, found 1"),
    ("parameters=[]", "parameters: expected at least one element, found an empty array"),
    ("objective=supervized", "objective: unknown objective 'supervized'; did you mean 'supervised'?"),
    (
      "objective.loss=mean-square-error",
      "objective.loss: unknown loss 'mean-square-error'; did you mean 'mean-squared-error'?"
    ),
    ("clipping.threshold=1", "clipping.name: missing; expected the name of what this configures"),
    (#"clipping={"name":"value","threshold":0}"#, "clipping.threshold: expected a number above 0, found 0"),
    (
      #"stopping={"name":"early-stopping","patience":0}"#,
      "stopping.patience: expected a whole number above 0, found 0"
    ),
  ]

  @Test(arguments: mistakes) func aMistakeIsToldWithItsPlace(_ change: String, _ expected: String) throws {
    let changed = try recipe(change)
    let found = message { _ = try changed.resolved(in: registries) }
    #expect(found?.hasPrefix("recipe.json: " + expected) == true, "\(found ?? "no error")")
  }

  @Test func whatBeginsAsAListIsNoString() throws {
    for (change, expected) in [
      (#"data={"name":"two-class",}"#, "data: invalid JSON: line 1, column "),
      ("metrics=[error", "metrics: invalid JSON: line 1, column 2: "),
    ] {
      let found = message { _ = try recipe(change) }
      #expect(found?.hasPrefix(expected) == true, "\(found ?? "no error")")
    }
  }

  @Test func aMistakeIsToldWhereItWasWritten() throws {
    // The rate is at the top level, another key of the same optimizer in the stage.
    let both = try recipe("optimizer.learningRate=-1", "stages.train.optimizer.momentum=0.5")
    #expect(
      message { _ = try both.resolved(in: registries) }?.hasPrefix("recipe.json: optimizer.learningRate: ") == true)
    let name = try recipe("optimizer.name=sdg", "stages.train.optimizer.momentum=0.5")
    #expect(message { _ = try name.resolved(in: registries) }?.hasPrefix("recipe.json: optimizer: unknown") == true)
    for missing in [#"{"version": 1, "model": "chain"}"#, #"{"version": 1, "data": "gates"}"#] {
      let key = missing.contains("chain") ? "data" : "model"
      let found = message { _ = try Recipe(parsing: missing, source: "f.json").resolved(in: registries) }
      #expect(found?.hasPrefix("f.json: \(key): missing; expected the name of a ") == true, "\(found ?? "no error")")
    }
    #expect(
      message { _ = try Recipe(parsing: "[]").resolved(in: registries) }
        == "recipe: expected an object, found an empty array")
    #expect(message { _ = try Recipe(parsing: "{", source: "f.json") }?.hasPrefix("f.json:1:") == true)
  }

  @Test func anOptimizerThatAsksForMoreThanTheObjectiveOffersIsRefused() throws {
    let changed = try recipe("objective=plain", "stages.train.optimizer.name=line-search")
    let found = message { _ = try changed.resolved(in: registries) }
    #expect(
      found == "recipe.json: stages.train.optimizer: the optimizer 'line-search' needs loss, otherPoints, which the "
        + "objective 'plain' does not offer; choose a first-order optimizer such as 'sgd'")
  }

  @Test(arguments: ["x", "=3", "", "epochs.x=1", "transforms.5=scale", "transforms.scale=1"])
  func malformedChangesAreRefused(_ change: String) {
    #expect(throws: ConfigurationError.self) { try recipe(change) }
  }
}
