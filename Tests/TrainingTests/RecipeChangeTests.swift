import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

@Suite struct RecipeChangeTests {
  @Test func theReportTellsWhatWasChanged() throws {
    let folder = try ScratchFolder()
    var options = Trainer.Options()
    options.output = folder["run"]
    options.original = try recipe("epochs=2")
    let changed = try recipe("epochs=3", "seed=9", "stages.train.optimizer=adam", "split.test=0.25", "name=other")
    try Trainer(changed, in: registries, options: options).run()
    let html = try folder.text("run/report.html")
    let lines = html.split(separator: "\n").filter { $0.hasPrefix("<dt>") }.map(String.init)
    #expect(lines.count == 4)
    #expect(lines.contains("<dt>stages.train.epochs</dt><dd>2 → 3</dd>"))
    #expect(lines.contains { $0.hasPrefix("<dt>seed</dt><dd>") && $0.hasSuffix(" → 9</dd>") })
    #expect(lines.contains { $0.hasPrefix("<dt>split.test</dt><dd>") && $0.hasSuffix(" → 0.25</dd>") })
    // Settings of different optimizers are not compared one by one.
    #expect(
      lines.contains {
        $0.hasPrefix("<dt>stages.train.optimizer</dt><dd>{&quot;name&quot;: &quot;sgd&quot;")
          && $0.contains(" → {&quot;name&quot;: &quot;adam&quot;")
      })
  }

  @Test func aStoppedTrainingHasScores() throws {
    var batches = 0
    func stop() -> Bool {
      batches += 1
      return batches == 3
    }
    let stopped = try Trainer(recipe(), in: registries).run(shouldStop: stop)
    #expect(stopped.isInterrupted && stopped.scores.keys.sorted() == ["test", "train", "validation"])
    // These are the scores of the returned model, not of an earlier epoch.
    batches = 0
    let folder = try ScratchFolder()
    var options = Trainer.Options()
    (options.output, options.measuresWhenStopped) = (folder["run"], false)
    let fast = try Trainer(recipe(), in: registries, options: options).run(shouldStop: stop)
    #expect(fast.isInterrupted && fast.scores.isEmpty)
    #expect(try FinishedRun(folder["run"], in: registries).scores() == stopped.scores)
  }
}
