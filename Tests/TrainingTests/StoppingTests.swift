import AviaryCore
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

@Suite struct StoppingTests {
  private func history(_ values: [Double?], _ key: String = "validation.loss") -> [EpochRecord] {
    values.enumerated().map { index, value in
      var record = EpochRecord(stage: "train", epoch: index + 1, step: index + 1, values: ["train.loss": 1])
      record.values[key] = value
      return record
    }
  }

  /// After each epoch: b if it is the best so far, s if it stops, – otherwise.
  private func decisions(_ rule: any StoppingRule, _ values: [Double?], _ key: String = "validation.loss") throws
    -> String
  {
    let records = history(values, key)
    return try records.indices.map { index in
      let decision = try rule.decide(Array(records[...index]))
      return decision.isBest ? "b" : decision.stops ? "s" : "-"
    }.joined()
  }

  @Test func decisions() throws {
    let rule = try EarlyStopping("validation.loss", patience: 2)
    #expect(try decisions(rule, [3, 2, 2, 1, 1.5, 1]) == "bb-b-s")
    #expect(try decisions(rule, [.nan, 3, .nan, 2, .nan, .nan]) == "-b-b-s")
    #expect(try decisions(rule, [.nan, .nan]) == "-s")
    #expect(try decisions(rule, [.infinity, 3, .infinity]) == "bb-")
    #expect(try decisions(EarlyStopping("validation.loss", patience: 1), [1, 1]) == "bs")
    let slow = try EarlyStopping("validation.loss", patience: 2, minimumChange: 0.5)
    #expect(try decisions(slow, [3, 2.6, 2.4, 2.2, 2]) == "b-b-s")
    // Larger is better except for losses, errors and energies.
    #expect(
      try decisions(EarlyStopping("test.accuracy", patience: 2), [0.1, 0.3, 0.2, 0.4], "test.accuracy") == "bb-b")
    let least = try EarlyStopping("test.accuracy", patience: 2, maximize: false)
    #expect(try decisions(least, [0.1, 0.3, 0.2], "test.accuracy") == "b-s")
    for name in ["test.error", "validation.free-energy"] {
      #expect(try decisions(EarlyStopping(name, patience: 3), [0.3, 0.1, 0.2], name) == "bb-", "\(name)")
    }
  }

  @Test func aGoalIsReachedOnce() throws {
    #expect(try decisions(Reached("validation.loss", value: 1), [3, 2, 1.1, 1]) == "---s")
    #expect(try decisions(Reached("validation.loss", value: 1), [nil, .nan, 0.5]) == "--s")
    #expect(try decisions(Reached("test.accuracy", value: 0.9), [0.8, 0.95], "test.accuracy") == "-s")
    #expect(try decisions(Reached("test.accuracy", value: 0.9, maximize: false), [0.8], "test.accuracy") == "s")
    #expect(throws: ConfigurationError.self) { try registries.make(.stoppingRule, "reached") }
  }

  @Test func aNumberThatStaysIsTolerated() throws {
    #expect(try decisions(Tolerance("validation.loss", change: 0.125), [3, 1, 0.875, 5]) == "--s-")
    #expect(try decisions(Tolerance("validation.loss", change: 0.1, patience: 2), [1, 1, 2, 2, nil, 2]) == "-----s")
    // A share of great numbers.
    #expect(try decisions(Tolerance("validation.loss", change: 0.01), [1000, 1009]) == "-s")
    #expect(try decisions(Tolerance("validation.loss"), [.nan, .nan, 1]) == "---")
    #expect(try Tolerance("train.loss").restoresBest == false)
  }

  @Test func epochsWithoutTheNumberDoNotCount() throws {
    let rule = try EarlyStopping("validation.loss", patience: 2)
    #expect(try decisions(rule, [nil, 2, nil, 3, nil, nil, 3]) == "-b----s")
    let unknown = try EarlyStopping("validation.accuracy", patience: 2)
    let found = message { _ = try unknown.decide(history([nil, 2])) }
    #expect(
      found == "the stopping rule watches 'validation.accuracy', which is not measured; watch another value, or add "
        + "that part to the split (measured: train.loss, validation.loss)")
    #expect(throws: TrainingError.self) { try EarlyStopping("train.los").decide(history([nil])) }
  }

  @Test(.timeLimit(.minutes(1))) func manyEpochsAreDecidedInTheirNumbersTime() throws {
    let next = try EarlyStopping("train.loss", patience: 1_000_000).decisions(earlier: [])
    var best = 0
    for epoch in 1...200_000 {
      let values = ["train.loss": epoch % 1000 == 0 ? -Double(epoch) : 1, "test.loss": 2]
      if try next(EpochRecord(stage: "train", epoch: epoch, step: epoch, values: values)).isBest { best += 1 }
    }
    #expect(best == 201)
  }

  /// A rule with a given best epoch, to see what is restored.
  struct Chosen: StoppingRule, Registrable {
    static let name = "chosen"
    static let card = Card("A given epoch is the best.")
    @Field("The best epoch") var best = 2
    @Field("The last epoch") var last = 9
    @Field("Puts the best epoch's parameters back") var restoresBest = true
    func decide(_ history: [EpochRecord], earlier: [EpochRecord]) -> StoppingDecision {
      StoppingDecision(isBest: history.count == best, stops: history.count == last)
    }
  }

  /// The best epoch's parameters are restored whether the rule stopped the stage or not.
  @Test(arguments: [(2, 5, true), (2, 99, true), (6, 6, true), (99, 5, true), (2, 5, false)])
  func restoring(_ best: Int, _ last: Int, _ restores: Bool) throws {
    var known = registries
    try known.register(Chosen.self)
    let norm = #"model.layers=[{"name":"dense","units":6},"batch-norm",{"name":"dense","units":2}]"#
    let rule = #"stopping={"name":"chosen","best":\#(best),"last":\#(last),"restoresBest":\#(restores)}"#
    let stopped = try Trainer(recipe(norm, "epochs=6", rule), in: known).run()
    #expect(stopped.epochs == min(6, last))
    // The same training without a rule is at that point after so many epochs.
    let epochs = best <= 6 && restores ? best : min(6, last)
    let expected = try Trainer(recipe(norm, "epochs=\(epochs)"), in: known).run()
    for (name, value) in expected.model.parameters.namedValues {
      #expect(value.scalars(as: Double.self) == stopped.model.parameters[name].scalars(as: Double.self), "\(name)")
    }
    #expect(stopped.scores == expected.scores)
  }
}

/// The rules of published recipes.
@Suite struct PublishedRulesTests {
  /// One record per epoch of ten updates.
  private func records(_ values: [Double], _ key: String = "validation.error", stage: String = "train") -> [EpochRecord]
  {
    values.enumerated().map { index, value in
      EpochRecord(stage: stage, epoch: index + 1, step: 10 * (index + 1), values: [key: value, "train.loss": 1])
    }
  }

  private func decisions(_ rule: any StoppingRule, _ records: [EpochRecord]) throws -> String {
    try records.indices.map { index in
      let decision = try rule.decide(Array(records[...index]), earlier: [])
      return (decision.isBest ? "b" : "") + (decision.stops ? "s" : "") + (decision.isBest || decision.stops ? "" : "-")
    }.joined(separator: " ")
  }

  @Test func patienceGrowsWithTheLastGain() throws {
    let rule = try registries.make(.stoppingRule, "patience", ["patience": 25, "increase": 2, "threshold": 0.9])
    // Times 9, 19, 29, 39: the gain at 19 makes the patience 38, the small one at 29 changes nothing but the best, and
    // time 38 is in the midst of the fourth epoch, which counts no more.
    #expect(try decisions(rule, records([0.5, 0.4, 0.39, 0.1])) == "b b b s")
    // Without gains, the given patience counts.
    #expect(try decisions(rule, records([0.5, 0.5, 0.5])) == "b - s")
    let epochs = try registries.make(.stoppingRule, "patience", ["patience": 2, "unit": "epoch", "increase": 3])
    // The first epoch's gain at 0.9 makes the patience 2.7.
    #expect(try decisions(epochs, records([0.5, 0.5, 0.5])) == "b - s")
    #expect(try decisions(epochs, records([0.5, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5])) == "b b - - - s s")
    #expect(rule.restoresBest && rule.monitors == ["validation.error"])
    #expect(throws: TrainingError.self) { try decisions(rule, records([1], "validation.loss")) }
  }

  @Test func matchLooksBackToTheBestEpoch() throws {
    let rule = try registries.make(.stoppingRule, "match")
    var earlier = records([0.5, 0.2, 0.3], stage: "first")
    for (index, loss) in [0.9, 0.4, 0.1].enumerated() { earlier[index].values["train.loss"] = loss }
    for (loss, stops) in [(0.5, false), (0.4, true), (0.3, true)] {
      let found = try rule.decide(records([loss], "validation.loss", stage: "second"), earlier: earlier)
      #expect(found == StoppingDecision(isBest: false, stops: stops))
    }
    #expect(
      message { _ = try rule.decide(records([1], "validation.loss"), earlier: []) }
        == "the stopping rule refers to the previous stage, but no stage precedes its own")
    let named = try registries.make(.stoppingRule, "match", ["stage": "zeroth"])
    #expect(
      message { _ = try named.decide(records([1], "validation.loss"), earlier: earlier) }
        == "the stopping rule refers to the stage 'zeroth', but its own is preceded by: first")
  }

  /// Refused before training: values that only another stage measures, parts that the stage leaves out, stages that do
  /// not precede it.
  @Test func whatIsNotMeasuredIsRefusedBeforehand() throws {
    func refusal(_ first: String, _ second: String) throws -> String? {
      message {
        _ = try Trainer(
          recipe(
            #"stages=[{"name":"first","epochs":1,"metrics":[]\#(first)},{"name":"second","metrics":["error"]\#(second)}]"#
          ),
          in: registries)
      }
    }
    #expect(try refusal("", #","stopping":{"name":"early-stopping","monitor":"validation.error"}"#) == nil)
    let other = try refusal(#","stopping":{"name":"early-stopping","monitor":"validation.error"}"#, "")
    #expect(
      other == "stage 'first': the stopping rule watches 'validation.error', which is not measured; did you mean "
        + "'validation.loss'? (measured: train.loss, validation.loss, test.loss)")
    for monitor in ["validation.error", "test.squared-error"] {
      let missing = try refusal("", #","evaluate":["test"],"stopping":{"name":"patience","monitor":"\#(monitor)"}"#)
      #expect(missing?.hasPrefix("stage 'second': the stopping rule watches '\(monitor)'") == true)
      #expect(missing?.hasSuffix("(measured: train.loss, train.error, test.loss, test.error)") == true)
    }
    let match = #","stopping":{"name":"match","best":"validation.loss""#
    #expect(try refusal("", "\(match)}") == nil)
    #expect(
      try refusal("", #"\#(match),"stage":"zeroth"}"#)
        == "stage 'second': the stopping rule refers to the stage 'zeroth', but its own is preceded by: first")
    #expect(
      try refusal("", #"\#(match),"monitor":"validation.error","target":"train.error"}"#)?.contains(
        "watches 'train.error'") == true)
    #expect(try refusal("\(match)}", "")?.hasSuffix("the previous stage, but no stage precedes its own") == true)
  }

  /// In a training, the second stage ends when its value reaches that of another one in the first.
  @Test func matchEndsASecondPhase() throws {
    let result = try Trainer(
      recipe(
        #"stages=[{"name":"first","epochs":3,"evaluate":["train","validation"],"metrics":["error"]},{"name":"second","epochs":50,"rows":["train","validation"],"stopping":{"name":"match","target":"validation.loss"},"metrics":["error"]}]"#,
        "optimizer.learningRate=0.05"), in: registries
    ).run()
    let first = result.history.filter { $0.stage == "first" }
    let second = result.history.filter { $0.stage == "second" }
    let best = try #require(
      first.min { ($0.values["validation.error"] ?? 1) < ($1.values["validation.error"] ?? 1) }?
        .values["validation.loss"])
    #expect(second.count < 50)
    for record in second.dropLast() { #expect(try #require(record.values["validation.loss"]) > best) }
    #expect(try #require(second.last?.values["validation.loss"]) <= best)
  }
}
