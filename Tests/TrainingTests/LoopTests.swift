import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

@Suite struct LoopTests {
  /// A hand-written loop gives the same bits as the trainer.
  @Test func aHandWrittenLoopIsTheTrainer() throws {
    let recipe = try recipe(
      "optimizer=adam", "transforms=[]", "split=none", "clipping=global-norm",
      #"model.layers=[{"name":"dense","units":4,"activation":"tanh"},{"name":"dropout","rate":0.5},{"name":"dense","units":2}]"#
    )
    let result = try Trainer(recipe, in: registries).run()

    let random = RandomSource(seed: 5)
    let set = try TwoClassData(count: 40).load(DataEnvironment(random: random["data"]))
    var model = try Model(
      Sequential {
        Dense(4, activation: Tanh())
        Dropout(0.5)
        Dense(2)
      }, input: [2], seed: 5)
    let objective = Supervised(SoftmaxCrossEntropy())
    let (optimizer, clipping) = (Adam(), ClippingByGlobalNorm())
    let trained = try TrainedParameters(model, matching: ["*"])
    var (state, memory) = (OptimizerState(), ObjectiveState())
    for epoch in 0..<3 {
      for batch in BatchLoader(set, batchSize: 16, shuffling: random["shuffle"]["train"], epoch: epoch) {
        let context = Context(.training, random: random["stage"]["train"].at(step: state.step))
        var found = try objective.step(model, trained, batch, context, &memory)
        clipping.clip(&found.gradient)
        trained.update(&model.parameters) {
          optimizer.update(&$0, state: &state, from: Evaluation(gradient: found.gradient))
        }
      }
    }
    for (name, value) in model.parameters.namedValues {
      #expect(value.scalars(as: Float.self) == result.model.parameters[name].scalars(as: Float.self), "\(name)")
    }
  }

  @Test func clippingBoundsTheStep() throws {
    let changes = ["batchSize=null", "epochs=1", "stages.train.optimizer={\"name\":\"sgd\",\"learningRate\":1}"]
    let clipping = #"clipping={"name":"global-norm","threshold":0.001}"#
    let start = try Trainer(recipe(changes + ["epochs=0"]), in: registries).run().model.parameters.trainable
    let free = try Trainer(recipe(changes), in: registries).run().model.parameters.trainable
    let bound = try Trainer(recipe(changes + [clipping]), in: registries).run().model.parameters.trainable
    #expect((free - start).euclideanNorm() > 0.01)
    #expect(abs((bound - start).euclideanNorm() - 0.001) < 1e-6)
  }

  @Test func onlyTheNamedParametersAreTrained() throws {
    let stage = #"stages=[{"name":"some","parameters":["1.*","*.0.bias","0.dense.bias"],"epochs":1}]"#
    let some = try Trainer(recipe(stage.replacing(#""*.0.bias","#, with: "")), in: registries).run().model.parameters
    let start = try Trainer(recipe("epochs=0"), in: registries).run().model.parameters
    let changed = start.entries.filter { start.value(of: $0).description != some.value(of: $0).description }
    #expect(changed.map(\.name) == ["0.dense.bias", "1.dense.weight", "1.dense.bias"])
  }

  /// An averaging rule returns its average, which is evaluated; a longer training continues from the iterates.
  @Test func theAverageIsMeasuredAndGiven() throws {
    let changes = ["optimizer.learningRate=0.5", "epochs=2"]
    let averaged = try Trainer(recipe(changes + ["optimizer.name=averaged-sgd"]), in: registries).run()
    let plain = try Trainer(recipe(changes + ["optimizer.name=sgd"]), in: registries).run()
    #expect(averaged.model.parameters.trainable != plain.model.parameters.trainable)
    #expect(averaged.history.last?.values["test.loss"] != plain.history.last?.values["test.loss"])
  }

  /// The line search never raises a full batch's loss, and is used only with objectives that support it.
  @Test func lineSearchDescends() throws {
    let search = try recipe("optimizer=line-search", "batchSize=null", "epochs=20")
    let losses = try Trainer(search, in: registries).run().history.compactMap { $0.values["train.loss"] }
    #expect(losses.count == 20 && zip(losses, losses.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(losses[19] < losses[0] / 2)
  }

  #if compiler(>=6.2)
    /// In a separate process, because all tests in a process share its memory.
    @Test func memoryDoesNotGrow() async {
      await #expect(processExitsWith: .success) {
        // Ten thousand steps, of which the first thousand fill pools and caches.
        var (steps, early) = (0, 0)
        let long = try recipe("optimizer=adam", "epochs=2500", "evaluateEvery=2500", "metrics=[]")
        try Trainer(long, in: registries).run { event in
          guard case .batchEnded = event else { return }
          steps += 1
          if steps == 1000 { early = residentBytes() }
        }
        precondition(steps == 10_000 && early > 0)
        precondition(residentBytes() - early < 1 << 20, "memory grows by \(residentBytes() - early) bytes")
      }
    }
  #endif

  @Test func eventsTellWhatHappens() throws {
    var told: [String] = []
    try Trainer(recipe("epochs=1", "model.pretrains=true", "stages.pretrain.epochs=1"), in: registries).run { event in
      switch event {
      case .note(let note): told.append("note \(note)")
      case .warning(let warning): told.append("warning \(warning)")
      case .prepared(let model, let rows):
        told.append("prepared \(rows.map { "\($0.part) \($0.count)" }) \(model.contains("0.dense"))")
      case .stageBegan(let name, let epochs): told.append("\(name) \(epochs)")
      case .batchEnded(let progress): told.append("\(progress.batch)/\(progress.batches) \(progress.rows)")
      case .epochEnded(let record, _): told.append("epoch \(record.epoch) \(record.step)")
      case .stageEnded(let name, let stoppedEarly): told.append("end \(name) \(stoppedEarly)")
      case .saved: told.append("saved")
      }
    }
    let stage = ["1/4 16", "2/4 32", "3/4 48", "4/4 64", "epoch 1 4"]
    #expect(
      told == [#"prepared ["train 64", "validation 8", "test 8"] true"#, "pretrain 1"] + stage + ["end pretrain false"]
        + ["train 1"] + stage + ["end train false"])
  }
}
