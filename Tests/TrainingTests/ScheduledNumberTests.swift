import AviaryCore
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import AviaryTraining
import Testing

/// A third party's schedule without a known range.
private struct Late: Schedule, Registrable {
  static let name = "late"
  static let card = Card("0.5, and 7 in the last step of a training.")

  func value(at progress: TrainingProgress) -> Double {
    progress.step > 0 && progress.step == progress.epochs * progress.stepsPerEpoch - 1 ? 7 : 0.5
  }
}

/// A number that follows a schedule stays in its range in every step of a training, or the training does not start.
@Suite struct ScheduledNumberTests {
  private func refusal(_ changes: String..., in registries: Registries = registries) -> String? {
    message { _ = try Trainer(recipe(changes), in: registries) }
  }

  private func chain(_ layer: String) -> String {
    #"model={"name":"chain","layers":[\#(layer),{"name":"dense","units":2}]}"#
  }

  @Test(arguments: [
    "dropout", "alpha-dropout", "spatial-dropout", "masking-noise", "salt-and-pepper-noise", "drop-connect",
  ])
  func ratesThatLeaveTheirRangeAreRefused(_ name: String) throws {
    let units = name == "drop-connect" ? #","units":2"# : ""
    func found(_ schedule: String) -> String? {
      refusal(chain(#"{"name":"\#(name)"\#(units),"rate":{\#(schedule)}}"#))
    }
    let range = "the value must be in [0, 1) in every step"
    #expect(
      found(#""name":"exponential","initial":0.9,"factor":2"#)
        == "layer 0.\(name): rate: its schedule gives 1.8 in step 2 (epoch 1), but \(range)")
    #expect(
      found(#""name":"exponential","initial":0.5,"factor":1e300"#)?.contains("in step 2 (epoch 1), but \(range)")
        == true)
    // Three epochs of four steps.
    #expect(
      found(#""name":"step","initial":0.5,"factor":1.5,"every":1"#)
        == "layer 0.\(name): rate: its schedule gives 1.125 in step 9 (epoch 3), but \(range)")
    #expect(found(#""name":"exponential","initial":0.1,"factor":1.1"#) == nil)
  }

  @Test func deviationsStayFinite() {
    let layer = #"{"name":"gaussian-noise","standardDeviation":{"name":"exponential","initial":1,"factor":1e200}}"#
    #expect(
      refusal(chain(layer))
        == "layer 0.gaussian-noise: standardDeviation: its schedule gives inf in step 3 (epoch 1), but the value must "
        + "be finite in every step")
  }

  @Test func layersInsideOthersAreCheckedToo() {
    let noise = #"{"name":"masking-noise","rate":{"name":"exponential","initial":0.9,"factor":2}}"#
    let layer = #"{"name":"residual","layers":[\#(noise)]}"#
    #expect(
      refusal(chain(layer))?.hasPrefix("layer 0.residual.layers.0.masking-noise: rate: its schedule gives 1.8") == true)
  }

  /// Every field of every optimizer that can follow a schedule.
  @Test(arguments: ["learningRate", "momentum", "weightDecay"]) func hyperparametersAreChecked(_ field: String) throws {
    for entry in registries.entries(of: .optimizer) where entry.defaults[field] != nil {
      let schedule = #"{"name":"exponential","initial":0.9,"factor":1e300}"#
      let found = refusal(#"optimizer={"name":"\#(entry.name)","\#(field)":\#(schedule)}"#)
      #expect(found?.contains("optimizer.\(field): its schedule gives") == true, "\(entry.name): \(found ?? "nothing")")
    }
    #expect(
      refusal(#"optimizer={"name":"sgd","momentum":{"name":"exponential","initial":0.9,"factor":1.1}}"#)?
        .contains("optimizer.momentum: its schedule gives 1.08") == true)
  }

  @Test func schedulesOfUnknownRangeAreFollowedToTheLastStep() throws {
    var known = registries
    try known.register(Late.self)
    let found = refusal(chain(#"{"name":"dropout","rate":"late"}"#), in: known)
    #expect(found?.hasPrefix("layer 0.dropout: rate: its schedule gives 7.0 in step 12 (epoch 3)") == true)
    // More steps than are checked one by one: the last one is still among them.
    let long = refusal(chain(#"{"name":"dropout","rate":"late"}"#), "epochs=1000000000", in: known)
    #expect(long?.contains("in step 4000000000 (epoch 1000000000)") == true)
    #expect(refusal(chain(#"{"name":"dropout","rate":"late"}"#), "epochs=0", in: known) == nil)
  }

  @Test func severalStagesNameTheirs() {
    let found = refusal(
      #"model={"name":"chain","pretrains":true}"#, "epochs=200",
      #"stages=[{"name":"pretrain"},{"name":"train","optimizer":{"name":"sgd","learningRate":{"name":"exponential","initial":1,"factor":1e200}}}]"#
    )
    #expect(found?.contains("stage 'train': ") == true, "\(found ?? "nothing")")
  }

  @Test func rangesHoldInSpiteOfRounding() throws {
    let almost = 1.0.nextDown
    for from in [0.1, 0.3, 0.7] {
      let schedules: [any Schedule] = [
        try LinearSchedule(from: from, to: almost, over: 10), try CosineSchedule(from: almost, to: from, over: 10),
      ]
      for schedule in schedules {
        let range = try #require(schedule.range)
        for step in 0...10 { #expect(range.contains(schedule.value(at: TrainingProgress(step: step)))) }
      }
    }
  }
}
