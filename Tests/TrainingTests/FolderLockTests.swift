import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Foundation
import Testing

/// One training per folder, and a folder that stays in place.
@Suite struct FolderLockTests {
  private static let refusal = "another training is writing to it"

  private func trainer(_ folder: ScratchFolder, _ run: String, _ changes: String...) throws -> Trainer {
    try Trainer(recipe(changes), in: registries, options: ResumeTests.options(folder[run]))
  }

  @Test func oneTrainingHasTheFolder() throws {
    let folder = try ScratchFolder()
    let first = try trainer(folder, "run")
    #expect(FolderLock.isHeld(folder["run"]))
    #expect(message { _ = try trainer(folder, "run") }?.contains(Self.refusal) == true)
    var during: [String?] = []
    try first.run(shouldStop: {
      during.append(message { _ = try Trainer(resuming: folder["run"], in: registries) })
      return true
    })
    #expect(during.count == 1 && during[0]?.contains(Self.refusal) == true)
    // It was stopped; others may continue it, one at a time.
    #expect(!FolderLock.isHeld(folder["run"]))
    let second = try Trainer(resuming: folder["run"], in: registries)
    #expect(message { _ = try Trainer(resuming: folder["run"], in: registries) }?.contains(Self.refusal) == true)
    try second.run()
    #expect(message { _ = try trainer(folder, "run") }?.contains("already holds a recipe.json") == true)
    #expect(!FolderLock.isHeld(folder["run"]) && !FolderLock.isHeld(folder["none"]))
  }

  @Test func ofManyAtOnceOneBegins() async throws {
    let folder = try ScratchFolder()
    let path = folder["deep/run"]
    let begun = await withTaskGroup(of: Bool.self) { group in
      for seed in 0..<16 {
        group.addTask {
          message {
            try Trainer(recipe("seed=\(seed)"), in: registries, options: ResumeTests.options(path)).run()
          } == nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(begun == 1)
    #expect(try folder.contents("deep/run").keys.sorted() == Trainer.files.sorted())
    #expect(try folder.text("deep/run/metrics.csv").split(separator: "\n").count == 4)
  }

  /// The folder is checked before data is loaded, and removed again if loading fails.
  @Test func theFolderComesBeforeTheData() throws {
    let folder = try ScratchFolder()
    let lost = [#"data={"name":"csv","file":"none.csv","target":"y"}"#, "transforms=[]"]
    func problem(_ run: String) -> String? { message { _ = try trainer(folder, run, lost[0], lost[1]) } }
    try folder.write([1], to: "kept/run/recipe.json")
    #expect(problem("kept/run")?.contains("already holds a recipe.json") == true)
    try folder.write([1], to: "file")
    #expect(problem("file/run")?.contains("cannot create the run's folder: ") == true)
    try FileManager.default.createSymbolicLink(atPath: folder["dangling"], withDestinationPath: "/nowhere/deep")
    #expect(problem("dangling")?.contains("cannot create the run's folder: ") == true)
    for run in ["new", "kept/new", "made/for/run/"] { #expect(problem(run)?.contains("none.csv") == true) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["dangling", "file", "kept"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["kept"]) == ["run"])
    // An empty folder that was there before stays.
    try FileManager.default.createDirectory(atPath: folder["empty"], withIntermediateDirectories: false)
    #expect(problem("empty")?.contains("none.csv") == true && folder.holds("empty"))
  }

  @Test(arguments: ["moved", "removed", "replaced"]) func aFolderThatIsGoneEndsTheTraining(_ kind: String) throws {
    let folder = try ScratchFolder()
    let files = FileManager.default
    let trainer = try trainer(folder, "run", "epochs=1000")
    var batches = 0
    let found = message {
      try trainer.run { event in
        guard case .batchEnded = event else { return }
        batches += 1
        guard batches == 6 else { return }
        if kind == "removed" {
          try files.removeItem(atPath: folder["run"])
        } else {
          try files.moveItem(atPath: folder["run"], toPath: folder["elsewhere"])
        }
        if kind == "replaced" { try files.createDirectory(atPath: folder["run"], withIntermediateDirectories: false) }
      }
    }
    #expect(found?.hasPrefix("\(folder["run"]): the run's folder was moved, removed or replaced") == true)
    #expect(batches == 6)
    #expect(folder.holds("run") == (kind == "replaced"))
    if kind == "replaced" { #expect(try folder.contents("run").isEmpty) }
    if kind != "removed" { try Trainer(resuming: folder["elsewhere"], in: registries).run(shouldStop: { true }) }
  }

  @Test func metricsThatAreGoneEndTheTraining() throws {
    let folder = try ScratchFolder()
    let trainer = try trainer(folder, "run")
    let found = message {
      try trainer.run { event in
        guard case .epochEnded(let record, _) = event, record.epoch == 1 else { return }
        try FileManager.default.removeItem(atPath: folder["run/metrics.csv"])
      }
    }
    #expect(found?.hasPrefix("\(folder["run"]): its metrics.csv was removed during the training") == true)
    try Trainer(resuming: folder["run"], in: registries).run()
    #expect(try folder.text("run/metrics.csv").split(separator: "\n").count == 4)
  }
}
