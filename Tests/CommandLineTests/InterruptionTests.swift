import AviaryTestSupport
import Foundation
import Testing

/// The executable, stopped and killed in the middle.
@Suite(.withTool) struct InterruptionTests {
  private static let recipe = """
    {"version": 1, "name": "slow", "data": {"name": "two-class", "count": 500}, "model": {"name": "mlp", "units": [16], "dropout": 0.2},
     "split": {"name": "stratified", "test": 0.2}, "optimizer": "adam", "batchSize": 4,
     "stages": [{"name": "first", "parameters": ["0.*"], "epochs": 20}, {"name": "second", "epochs": 20}]}
    """

  /// Starts a training, and sends a signal once its metrics have this many lines. Tries again if the machine was too
  /// busy to notice in time.
  private func train(
    _ folder: ScratchFolder, _ run: String, untilLines lines: Int, then signal: Int32
  ) throws -> Tool.Outcome {
    var attempt = 0
    while true {
      attempt += 1
      let running = try Tool.Running(["train", "slow.json", "--output", run], in: folder)
      while running.process.isRunning,
        !folder.holds("\(run)/checkpoint.safetensors")
          || (try? folder.text("\(run)/metrics.csv"))?.count("\n") ?? 0 < lines
      {
        Thread.sleep(forTimeInterval: 0.001)
      }
      kill(running.process.processIdentifier, signal)
      let outcome = try running.wait()
      if outcome.status != 0 || attempt == 20 { return outcome }
      try FileManager.default.removeItem(atPath: folder[run])
    }
  }

  private func files(_ folder: ScratchFolder, _ run: String) throws -> [String: [UInt8]] {
    var files = try folder.contents(run)
    files["metrics.csv"] = nil
    // The page has the date and the duration.
    files["report.html"] = nil
    return files
  }

  @Test func killedAndResumedItGivesTheSameBits() throws {
    let folder = try ScratchFolder()
    try folder.write(Array(Self.recipe.utf8), to: "slow.json")
    #expect(try Tool.run(["train", "slow.json", "--output", "whole"], in: folder).status == 0)
    let whole = try files(folder, "whole")
    #expect(whole.count == 3)
    // In mid-epoch of either stage, as the second begins, and before the first epoch has ended.
    for (name, lines) in [("early", 1), ("middle", 8), ("between", 21), ("late", 30)] {
      let outcome = try train(folder, name, untilLines: lines, then: SIGKILL)
      #expect(outcome.wasKilled && outcome.status == SIGKILL, "\(name) ended before it could be killed")
      #expect(!folder.holds("\(name)/report.html"))
      let resumed = try Tool.run(["train", "--resume", name, "--threads", "2"], in: folder)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(try files(folder, name) == whole, "\(name)")
      let rows = try folder.text("\(name)/metrics.csv").split(separator: "\n")
      #expect(rows.count == 41 && Set(rows.map { $0.split(separator: ",")[0...1].joined() }).count == 41)
    }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func interruptedItIsSavedAndGoesOn(_ signal: Int32) throws {
    let folder = try ScratchFolder()
    try folder.write(Array(Self.recipe.utf8), to: "slow.json")
    #expect(try Tool.run(["train", "slow.json", "--output", "whole", "--quiet"], in: folder).status == 0)
    let outcome = try train(folder, "run", untilLines: 6, then: signal)
    #expect(outcome.status == 1 && !outcome.wasKilled)
    #expect(outcome.errors == "aviary: interrupted and saved; resume with: aviary train --resume run\n")
    #expect(!outcome.output.contains("see run/report.html"))
    #expect(try Tool.run(["train", "--resume", "run"], in: folder).status == 0)
    #expect(try files(folder, "run") == files(folder, "whole"))
  }
}

extension String {
  fileprivate func count(_ character: Character) -> Int { count { $0 == character } }
}
