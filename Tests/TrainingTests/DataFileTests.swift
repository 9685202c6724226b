import AviaryCore
import AviaryFormats
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where the files named by a recipe are found, at the beginning and later.
@Suite struct DataFileTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try write("recipes/mine.csv", rows: 40)
    let recipe = """
      {"version": 1, "name": "own", "data": {"name": "csv", "file": "mine.csv"}, "transforms": ["standardize"],
       "split": {"name": "indices", "testFile": "rows.txt"},
       "model": {"name": "chain", "layers": [{"name": "dense", "units": 2}]}, "epochs": 2}
      """
    try folder.write(Array(recipe.utf8), to: "recipes/own.json")
    try folder.write(Array("1 2 5\n".utf8), to: "recipes/rows.txt")
  }

  private func write(_ name: String, rows: Int) throws {
    let lines = (0..<rows).map { "\($0 % 7),\($0 % 5),\($0 % 2)" }
    try folder.write(Array(("a,b,class\n" + lines.joined(separator: "\n") + "\n").utf8), to: name)
  }

  private func options(_ output: String, dataFolder: String? = nil) -> Trainer.Options {
    var options = ResumeTests.options(folder[output])
    options.dataFolder = dataFolder
    return options
  }

  @Test func filesLieBesideTheRecipe() throws {
    let recipe = try Recipe(contentsOf: folder["recipes/own.json"])
    #expect(recipe.folder == folder["recipes"])
    let trainer = try Trainer(recipe, in: registries, options: options("run"))
    #expect(trainer.data.files.keys.sorted() == ["mine.csv", "rows.txt"] && trainer.data.test.count == 3)
    let result = try trainer.run()
    // The run's folder has moved, but the run still knows where its data is.
    let finished = try FinishedRun(folder["run"], in: registries)
    #expect(finished.recipe.folder == nil)
    #expect(
      try finished.scores() == result.scores && finished.scores(file: folder["recipes/mine.csv"]) == result.scores)
    #expect(try Trainer(resuming: folder["run"], in: registries).run().scores == result.scores)
    try write("other.csv", rows: 8)
    #expect(try finished.scores(file: folder["other.csv"]).keys.sorted() == ["test"])
    // Without a file, there is no folder beside it.
    let lost = message { _ = try Trainer(Recipe(recipe.document), in: registries) }
    #expect(lost?.hasPrefix("mine.csv: no such file, nor '") == true, "\(lost ?? "")")
  }

  /// A file measured or predicted later may hold values the model has no symbol for.
  @Test func laterFilesWithOtherSymbols() throws {
    try write("recipes/few.csv", rows: 40)
    let layers = #"[{"name": "embedding", "symbols": 7, "size": 2}, "flatten", {"name": "dense", "units": 2}]"#
    var recipe = try Recipe(contentsOf: folder["recipes/own.json"])
    for change in [#"data={"name": "csv", "file": "few.csv"}"#, "transforms=[]", "model.layers=\(layers)"] {
      try recipe.set(change)
    }
    _ = try Trainer(recipe, in: registries, options: options("symbols")).run()
    let run = try FinishedRun(folder["symbols"], in: registries)
    for value in ["7", "1.5"] {
      try folder.write(Array("a,b,class\n0,1,0\n1,\(value),1\n".utf8), to: "later.csv")
      let found = message { _ = try run.scores(file: folder["later.csv"]) }
      #expect(found?.contains("layer 0.embedding: it takes whole numbers from 0 to 6") == true, "\(found ?? "")")
      let row = Tensor([0, Double(value) ?? 0], shape: [1, 2]).cast(to: .float32)
      #expect(message { _ = try run.predict(row) }?.contains("layer 0.embedding") == true)
    }
  }

  @Test func movedFilesAreFoundInTheFolderOfData() throws {
    let recipe = try Recipe(contentsOf: folder["recipes/own.json"])
    let scores = try Trainer(recipe, in: registries, options: options("run")).run().scores
    try FileManager.default.moveItem(atPath: folder["recipes"], toPath: folder["data"])
    let lost = message { _ = try FinishedRun(folder["run"], in: registries).scores() }
    #expect(lost?.contains("mine.csv: no such file, nor '") == true, "\(lost ?? "")")
    #expect(try FinishedRun(folder["run"], in: registries, dataFolder: folder["data"]).scores() == scores)
    let resumed = try Trainer(
      resuming: folder["run"], in: registries, options: options("run", dataFolder: folder["data"]))
    #expect(try resumed.run().scores == scores)
    // The new location is remembered in turn.
    #expect(try FinishedRun(folder["run"], in: registries).scores() == scores)
  }

  /// A run from a release that did not record the files and the range of the inputs.
  @Test func olderCheckpointsAreRead() throws {
    let recipe = try Recipe(contentsOf: folder["recipes/own.json"])
    let scores = try Trainer(recipe, in: registries, options: options("run", dataFolder: folder["recipes"])).run()
      .scores
    #expect(try FinishedRun(folder["run"], in: registries).inputRange() == 0...6)
    let contents = try Safetensors(folder.bytes("run/checkpoint.safetensors"))
    var document = try ConfigurationValue(parsing: try #require(contents.metadata["aviary"])).objectValue ?? [:]
    func save() throws {
      let metadata = ["aviary": ConfigurationValue.object(document).json()]
      try folder.write(
        CheckpointSeal.sealed(Safetensors(contents.tensors, metadata: metadata)).encoded(),
        to: "run/checkpoint.safetensors")
    }
    document["inputRange"] = [3, 2]
    try save()
    let damaged = message { _ = try FinishedRun(folder["run"], in: registries).inputRange() }
    #expect(damaged?.contains("'inputRange' is missing or out of range") == true)
    document["inputRange"] = nil
    document["files"] = nil
    try save()
    let old = try FinishedRun(folder["run"], in: registries, dataFolder: folder["recipes"])
    #expect(try old.inputRange() == 0...6 && old.scores() == scores)
  }
}
