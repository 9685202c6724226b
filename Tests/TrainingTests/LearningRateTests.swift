import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// The learning rate as a value of an epoch, and schedules that follow measured values.
@Suite struct LearningRateTests {
  private func rates(_ changes: String...) throws -> [Double?] {
    try Trainer(recipe(changes), in: registries).run().history.map { $0.values["learning-rate"] }
  }

  @Test func itIsThatOfTheEpochsLastStep() throws {
    // Four batches per epoch: 0.1·0.5ᵗ with t = 3, 7, 11.
    let falling =
      #"optimizer={"name":"sgd","learningRate":{"name":"step","initial":0.1,"factor":0.5,"every":1,"unit":"step"}}"#
    let found = try rates(falling)
    for (rate, exponent) in zip(found, [3, 7, 11]) {
      #expect(abs((rate ?? 0) - 0.1 / Double(1 << exponent)) < 1e-15)
    }
    #expect(
      try rates(#"optimizer={"name":"lookahead","optimizer":{"name":"sgd","learningRate":0.3}}"#) == [0.3, 0.3, 0.3])
    #expect(try rates("optimizer=lbfgs", "batchSize=null") == [nil, nil, nil])
  }

  @Test func theReportDrawsARateThatChanges() throws {
    func report(_ change: String) throws -> String {
      let folder = try ScratchFolder()
      try Trainer(recipe(change), in: registries, options: ResumeTests.options(folder["run"])).run()
      return try folder.text("run/report.html")
    }
    let falling = #"optimizer.learningRate={"name":"exponential","initial":0.1,"factor":0.5}"#
    #expect(try report(falling).contains("learning rate</text>"))
    #expect(try !report("optimizer.learningRate=0.1").contains("learning rate</text>"))
  }

  @Test func aPlateauLetsItFall() throws {
    // Nothing changes with a rate of nearly 0: no improvement after the first epoch.
    let schedule =
      #"{"name":"reduce-on-plateau","initial":1e-12,"patience":1,"factor":0.5,"threshold":0.1,"monitor":"validation.loss"}"#
    let found = try rates("optimizer=sgd", "optimizer.learningRate=\(schedule)", "epochs=6")
    #expect(found == [1e-12, 1e-12, 1e-12, 0.5e-12, 0.5e-12, 0.25e-12])
  }

  @Test func whatIsNotMeasuredIsNotFollowed() {
    let found = message {
      _ = try Trainer(
        recipe(
          "optimizer=sgd", #"optimizer.learningRate={"name":"reduce-on-plateau","initial":0.1,"monitor":"test.eror"}"#),
        in: registries)
    }
    #expect(
      found?.contains("optimizer.learningRate.monitor") == true && found?.contains("'test.eror'") == true,
      "\(found ?? "")")
  }

  @Test func aTrainingThatFollowsAPlateauResumesToTheSameBits() throws {
    let folder = try ScratchFolder()
    let recipe = try recipe(
      "optimizer=adam", "epochs=6",
      #"optimizer.learningRate={"name":"reduce-on-plateau","initial":0.1,"patience":0,"threshold":0.2,"factor":0.5}"#)
    try Trainer(recipe, in: registries, options: ResumeTests.options(folder["whole"])).run()
    var batches = 0
    let stop = {
      batches += 1
      return batches % 3 == 0
    }
    var result = try Trainer(recipe, in: registries, options: ResumeTests.options(folder["parts"])).run(
      shouldStop: stop)
    while result.isInterrupted { result = try Trainer(resuming: folder["parts"], in: registries).run(shouldStop: stop) }
    #expect(Set(result.history.compactMap { $0.values["learning-rate"] }).count > 1)
    #expect(try ResumeTests.files(folder, "parts") == ResumeTests.files(folder, "whole"))
  }
}
