import AviaryTestSupport
import AviaryTraining
import Foundation
import Testing

/// Trainings that would end without an error but be useless are refused or cause a warning.
@Suite struct OddTrainingTests {
  private static let norm = #"{"name":"dense","units":4},"batch-norm","relu",{"name":"dense","units":2}"#

  /// 64 training rows; every layer list has its batch normalization at another place.
  private static let layers: [(list: String, path: String)] = [
    (norm, "1.batch-norm"),
    (
      #"{"name":"residual","layers":["batch-norm","tanh"]},{"name":"dense","units":2}"#,
      "0.residual.layers.0.batch-norm"
    ),
    (
      #"{"name":"concatenate","branches":[[],["tanh","batch-norm"]]},{"name":"dense","units":2}"#,
      "0.concatenate.1.1.batch-norm"
    ),
    (
      #"{"name":"sequential","layers":[{"name":"sequential","layers":["batch-norm"]}]},{"name":"dense","units":2}"#,
      "0.sequential.0.sequential.0.batch-norm"
    ),
  ]

  @Test(arguments: layers) func aBatchOfOneRowHasNoVariance(_ list: String, _ path: String) throws {
    func refusal(_ changes: String...) -> String? {
      message { _ = try Trainer(recipe(["model.layers=[\(list)]"] + changes), in: registries) }
    }
    #expect(
      refusal("batchSize=21")?.contains("layer \(path): it needs mean and variance over a batch's rows") == true)
    #expect(
      refusal("batchSize=21")?.contains("the last batch of the 64 training rows has only 1 of 21; set dropsLast")
        == true)
    #expect(refusal("batchSize=1")?.contains("use a batchSize of at least 2") == true)
    #expect(refusal("batchSize=1", "dropsLast=true")?.contains("use a batchSize of at least 2") == true)
    #expect(refusal("batchSize=21", "dropsLast=true") == nil)
    #expect(refusal("batchSize=20") == nil && refusal("batchSize=null") == nil)
  }

  /// Several values of each channel in one row are enough.
  @Test func imagesNormalizeByThemselves() throws {
    let layers = #"{"name":"reshape","shape":[2,1]},"batch-norm","flatten",{"name":"dense","units":2}"#
    #expect(try Trainer(recipe("model.layers=[\(layers)]", "batchSize=1"), in: registries).run().epochs == 3)
  }

  @Test func aLossBeyondTheConstantAnswersIsToldOnce() throws {
    var told: [String] = []
    func observer(_ event: TrainingEvent) { if case .warning(let warning) = event { told.append(warning) } }
    let healthy = try Trainer(recipe(), in: registries).run(observer: observer)
    #expect(told == [] && healthy.warnings == [])
    let wild = ["model.pretrains=true", #"stages.train.optimizer={"name":"adam","learningRate":1e6}"#]
    let result = try Trainer(recipe(wild), in: registries).run(observer: observer)
    #expect(told.count == 1 && result.warnings == told)
    #expect(told[0].hasPrefix("stage 'train': after epoch 1 the training loss is "))
    // Two classes of the same size: log 2.
    #expect(told[0].contains(", worse than 0.6931 for a constant prediction; lower the learning rate"))
  }

  /// Targets and reconstructions have a constant answer, too: their means.
  @Test func valuesAndReconstructionsAreWatched() throws {
    let wild = #"optimizer={"name":"adam","learningRate":1e6}"#
    let values = try recipe(
      #"data={"name":"linear","count":80}"#, #"split={"name":"fractions","test":0.1,"validation":0.1}"#,
      #"model.layers=[{"name":"dense","units":4},{"name":"dense","units":1}]"#,
      #"objective={"name":"supervised","loss":"mean-squared-error"}"#, wild)
    #expect(try Trainer(values, in: registries).run().warnings.count == 1)
    let inputs = try recipe(
      #"model.layers=[{"name":"autoencoder","units":3}]"#, "layer=0.autoencoder",
      #"objective={"name":"reconstruction","loss":"mean-squared-error"}"#, "metrics=[]", wild)
    #expect(try Trainer(inputs, in: registries).run().warnings.count == 1)
  }

  /// Units without a slope: all outputs are the last bias.
  @Test func deadUnitsAreTold() throws {
    let dead =
      #"model.layers=[{"name":"dense","units":4,"biasInitializer":{"name":"constant","value":-1e6}},"relu",{"name":"dense","units":2}]"#
    let warnings = try Trainer(recipe(dead), in: registries).run().warnings
    #expect(warnings.count == 1)
    #expect(warnings.first?.hasPrefix("stage 'train': the model predicts the same for every row") == true)
  }

  /// The loss falls below that of a constant prediction, and rises again at the end.
  @Test func aLossThatRisesAgainIsTold() throws {
    let stage = try Trainer(recipe("epochs=1"), in: registries)
    let (model, rows) = (try stage.run().model, stage.data.train)
    func warning(_ losses: Double..., isLast: Bool = true, stopping: String? = nil) throws -> String? {
      let stage = try #require(try recipe([stopping].compactMap { $0 }).resolved(in: registries).stages.last)
      let watch = try LossWatch(stage, model, rows)
      let records = losses.enumerated().map { index, loss in
        EpochRecord(stage: "train", epoch: index + 1, step: index, values: ["train.loss": loss])
      }
      return try watch.warning(after: records, isLast: isLast, model)
    }
    #expect(
      try warning(0.5, 0.1, 0.7)?.contains("has risen again, from 0.1000 in epoch 2 to 0.7000 in epoch 3") == true)
    #expect(try warning(0.5, 0.1, 0.7, isLast: false) == nil)
    #expect(try warning(0.5, 0.1, 0.4) == nil && warning(0.5, 0.4, 0.7) == nil)
    let restoring = #"stopping={"name":"early-stopping","monitor":"train.loss","restoresBest":true}"#
    #expect(try warning(0.5, 0.1, 0.7, stopping: restoring) == nil)
    // At once, and at the end.
    #expect(try warning(8, isLast: false) != nil && warning(1, isLast: false) == nil)
    #expect(try warning(1, 0.9) != nil && warning(1) == nil)
    // If training is too slow, the remedy is not a lower rate.
    #expect(try warning(3, 2, 1)?.contains("it is still falling: train longer, raise the learning rate") == true)
    #expect(try warning(1, 2, 1)?.contains("lower the learning rate") == true)
  }

  /// A class that is evaluated but never trained on causes a note.
  @Test func classesWithoutTrainingRowsAreTold() throws {
    // The clouds are one after another, forty points each.
    let split = #"split={"name":"ranges","train":"0..<40","validation":"40..<60","test":"60..<80"}"#
    let one = try Trainer(recipe(split), in: registries)
    #expect(
      one.notes == [
        "no training row has the class '1', as 20 validation rows do",
        "no training row has the class '1', as 20 test rows do",
      ], "\(one.notes)")
    #expect(try Trainer(recipe(), in: registries).notes.isEmpty)
  }

  /// Very short stages are not each saved, because that would take most of the time.
  @Test func shortStagesAreNotEachSaved() throws {
    let folder = try ScratchFolder()
    let stages = (0..<200).map { #"{"name":"s\#($0)","epochs":1,"batchSize":64}"# }.joined(separator: ",")
    var saved = 0
    let result = try Trainer(
      recipe("stages=[\(stages)]", "optimizer=sgd"), in: registries, options: ResumeTests.options(folder["run"])
    ).run { event in
      if case .saved = event { saved += 1 }
    }
    #expect(result.history.count == 200 && (2..<100) ~= saved, "\(saved)")
  }

  /// A requested part is measured or refused.
  @Test func aPartWithoutRowsIsNotMeasured() throws {
    func refusal(_ changes: String...) -> String? { message { _ = try Trainer(recipe(changes), in: registries) } }
    let split = #"split={"name":"fractions","test":0.1,"validation":0}"#
    #expect(
      refusal(split, #"evaluate=["validation"]"#)?
        .contains("evaluate: the split leaves the part") == true)
    #expect(
      refusal(split, #"stages.train.evaluate=["train","validation"]"#)?.contains(
        "the part 'validation' of 'two-class' empty; remove it here")
        == true)
    #expect(refusal(split) == nil && refusal(split, #"evaluate=["test"]"#) == nil)
    // Also if it would be measured anyway.
    for place in ["evaluate", "stages.train.evaluate"] {
      #expect(
        refusal(split, place + #"=["validation","test"]"#)?.contains(
          "the part 'validation' of 'two-class' empty; remove it here") == true)
    }
    // A run's own recipe, with all defaults written out, trains again, also one of an earlier release.
    var document = try recipe(split).resolved(in: registries).document
    #expect(throws: Never.self) { try Trainer(Recipe(document), in: registries) }
    try document.set(path: "stages.0.evaluate", to: ["validation", "test"])
    #expect(throws: Never.self) { try Trainer(Recipe(document), in: registries) }
    try document.set(path: "stages.0.evaluate", to: ["validation"])
    #expect(message { _ = try Trainer(Recipe(document), in: registries) } != nil)
  }

  /// One output cannot represent two softmax classes; whatever happens, nothing traps.
  @Test func labelsBeyondTheOutputsAreNoTrap() throws {
    for loss in ["sigmoid-cross-entropy", "mean-squared-error", "softmax-cross-entropy"] {
      for units in [1, 2, 3] {
        let found = message {
          _ = try Trainer(
            recipe(
              #"model.layers=[{"name":"dense","units":\#(units)}]"#, "metrics=null", "epochs=1",
              #"objective={"name":"supervised","loss":"\#(loss)"}"#), in: registries
          ).run()
        }
        #expect(units != 2 || found == nil, "\(loss), \(units): \(found ?? "")")
      }
    }
  }

  @Test func warningsSurviveAnInterruption() throws {
    let folder = try ScratchFolder()
    let wild = try recipe(#"optimizer={"name":"adam","learningRate":1e6}"#)
    var batches = 0
    let stopped = try Trainer(wild, in: registries, options: ResumeTests.options(folder["run"])).run(shouldStop: {
      batches += 1
      return batches == 6
    })
    #expect(stopped.isInterrupted && stopped.warnings.count == 1)
    var told = 0
    let resumed = try Trainer(resuming: folder["run"], in: registries).run { event in
      if case .warning = event { told += 1 }
    }
    #expect(told == 0 && resumed.warnings == stopped.warnings)
    let page = try String(contentsOfFile: folder["run/report.html"], encoding: .utf8)
    #expect(page.contains("Warning: stage &#39;train&#39;") || page.contains("Warning: stage 'train'"))
  }
}
