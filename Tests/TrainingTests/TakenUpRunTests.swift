import AviaryCore
import AviaryData
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

/// Runs whose recipe or data changed before they are resumed, and what a run's recipe states about its data.
@Suite struct TakenUpRunTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func train(_ run: String, _ changes: String..., stoppingAt batch: Int = .max) throws {
    var batches = 0
    try Trainer(recipe(changes), in: registries, options: ResumeTests.options(folder[run])).run(shouldStop: {
      batches += 1
      return batches == batch
    })
  }

  private func edit(_ run: String, _ old: String, _ new: String) throws {
    let text = try folder.text("\(run)/recipe.json")
    let edited = text.replacing(old, with: new)
    #expect(edited != text, "\(old)")
    try folder.write(Array(edited.utf8), to: "\(run)/recipe.json")
  }

  /// A finished run with more epochs is the run that had them from the start, to the last bit.
  @Test(arguments: [
    ["optimizer=adam"],
    [#"stopping={"name":"early-stopping","patience":40}"#, "optimizer=adam", "optimizer.learningRate=0.3"],
    ["objective=plain"], ["model.pretrains=true"],
  ]) func aFinishedRunGoesOn(_ changes: [String]) throws {
    let stage = "stages.train.epochs"
    try Trainer(recipe(changes + ["\(stage)=7"]), in: registries, options: ResumeTests.options(folder["whole"])).run()
    let files = try ResumeTests.files(folder, "whole")
    for (run, isEdited) in [("option", false), ("edited", true)] {
      try Trainer(recipe(changes + ["\(stage)=3"]), in: registries, options: ResumeTests.options(folder[run])).run()
      var options = Trainer.Options()
      if isEdited {
        let path: ConfigurationPath = changes == ["model.pretrains=true"] ? "stages.1.epochs" : "stages.0.epochs"
        var document = try Recipe(contentsOf: folder["\(run)/recipe.json"]).document
        try document.set(path: path, to: 7)
        try folder.write(Array(document.json().utf8), to: "\(run)/recipe.json")
      } else {
        options.epochs = 7
      }
      let trainer = try Trainer(resuming: folder[run], in: registries, options: options)
      #expect(trainer.notes.count == 1 && trainer.notes[0].contains(".epochs: 3 → 7; schedules continue"))
      try trainer.run()
      #expect(try ResumeTests.files(folder, run) == files, "\(run)")
    }
  }

  /// A run finished by an earlier release can be read, but not extended.
  @Test func runsOfEarlierReleases() throws {
    try train("run")
    let scores = try FinishedRun(folder["run"], in: registries).scores()
    let contents = try Safetensors(folder.bytes("run/checkpoint.safetensors"))
    var document = try ConfigurationValue(parsing: try #require(contents.metadata["aviary"]))
    for (key, value) in [("stage", 1), ("epoch", 0), ("step", 0), ("optimizerStep", 0)] {
      try document.set(path: [.key(key)], to: .integer(value))
    }
    for key in ["recipe", "schema", "digests", "storedInput"] { try document.set(path: [.key(key)], to: .null) }
    var tensors = contents.tensors
    for name in tensors.names where name.hasPrefix("optimizer.") { tensors[name] = nil }
    try folder.write(
      CheckpointSeal.sealed(Safetensors(tensors, metadata: ["aviary": document.json()])).encoded(),
      to: "run/checkpoint.safetensors")
    #expect(try FinishedRun(folder["run"], in: registries).scores() == scores)
    var options = Trainer.Options()
    options.epochs = 7
    let found = message { _ = try Trainer(resuming: folder["run"], in: registries, options: options) }
    #expect(
      found?.hasSuffix("without saving what further epochs need; start a new run") == true, "\(found ?? "no error")")
    #expect(try Trainer(resuming: folder["run"], in: registries).run().scores == scores)
  }

  /// The recipe is the same, but the model with that name had other parameters then.
  @Test func modelsOfOtherReleases() throws {
    try train("run")
    let contents = try Safetensors(folder.bytes("run/checkpoint.safetensors"))
    var tensors = contents.tensors
    tensors["parameters.0.dense.weight"] = nil
    try folder.write(
      CheckpointSeal.sealed(Safetensors(tensors, metadata: contents.metadata)).encoded(),
      to: "run/checkpoint.safetensors")
    for found in [
      message { _ = try Trainer(resuming: folder["run"], in: registries) },
      message { _ = try FinishedRun(folder["run"], in: registries) },
    ] {
      let expected =
        "it has no parameter '0.dense.weight' of float32[2, 4]; it belongs to another recipe or release"
      #expect(
        found?.contains(expected) == true && found?.hasSuffix("train the recipe again") == true,
        "\(found ?? "no error")")
    }
  }

  /// The same rule for a finished run and for an interrupted one.
  @Test(arguments: [Int.max, 6]) func whatWasTrainedByCannotChange(_ stop: Int) throws {
    try train("run", "optimizer=adam", stoppingAt: stop)
    let whole = try folder.bytes("run/recipe.json")
    for (old, new, expected) in [
      (#""seed": 5"#, #""seed": 6"#, "seed: 5 → 6"), (#""units": 4"#, #""units": 5"#, "model.layers.0.units: 4 → 5"),
      (#""batchSize": 16"#, #""batchSize": 8"#, "stages.0.batchSize: 16 → 8"),
      (#""per": "feature""#, #""per": "all""#, #"transforms.0.per: "feature" → "all""#),
      (#""name": "adam""#, #""name": "adamw""#, #"stages.0.optimizer.name: "adam" → "adamw""#),
      (#""epochs": 3"#, #""epochs": 1"#, "stages.0.epochs: 3 → 1"),
      (#""stopping": null"#, #""stopping": "early-stopping""#, "stages.0.stopping: null → "),
    ] {
      try edit("run", old, new)
      for found in [
        message { _ = try Trainer(resuming: folder["run"], in: registries) },
        message { _ = try FinishedRun(folder["run"], in: registries) },
      ] {
        #expect(
          found?.hasPrefix(
            "\(folder["run"]): its recipe has changed in settings that the training has already used: ")
            == true && found?.contains(expected) == true, "\(found ?? "no error")")
      }
      try folder.write(whole, to: "run/recipe.json")
    }
    // Future stages may change, and names do not matter.
    try edit("run", #""learningRate": 0.001"#, #""learningRate": 0.5"#)
    try edit("run", #""name": "clouds""#, #""name": "other""#)
    let trainer = try Trainer(resuming: folder["run"], in: registries)
    let effect = stop == .max ? "the run is finished, so nothing is left to train" : "schedules continue"
    #expect(trainer.notes.count == 1 && trainer.notes[0].contains("learningRate: 0.001 → 0.5; \(effect)"))
    try trainer.run()
    let edited = try Recipe(contentsOf: folder["run/recipe.json"]).document["stages"]?[0]?["optimizer"]
    #expect(edited?["learningRate"] == 0.5)
  }

  private func table(_ rows: Int, _ classes: [String] = ["no", "yes"]) -> [UInt8] {
    let lines = (0..<rows).map { "\($0 % 7),\($0 % 5),\(classes[$0 % 2])" }
    return Array(("a,b,class\n" + lines.joined(separator: "\n") + "\n").utf8)
  }

  private func csvRecipe() throws -> Recipe {
    try Recipe(
      parsing: """
        {"version": 1, "name": "own", "summary": "Something else.", "data": "csv", "transforms": ["standardize"],
         "split": {"name": "stratified", "test": 0.2},
         "model": {"name": "chain", "layers": [{"name": "dense", "units": 2}]}, "epochs": 3, "batchSize": 8}
        """, source: "own.json")
  }

  private func options(_ output: String, _ file: String) -> Trainer.Options {
    var options = ResumeTests.options(folder[output])
    options.dataFile = folder[file]
    return options
  }

  @Test func otherDataAreRefusedOrAccepted() throws {
    try folder.write(table(40), to: "x.csv")
    var batches = 0
    try Trainer(csvRecipe(), in: registries, options: options("run", "x.csv")).run(shouldStop: {
      batches += 1
      return batches == 5
    })
    // The same rows in other bytes are the same data.
    try folder.write(table(40) + Array("\n".utf8), to: "x.csv")
    #expect(!(try Trainer(resuming: folder["run"], in: registries).notes.contains { $0.contains("changed") }))
    for (rows, other) in [(40, ["yes", "no"]), (60, ["no", "yes"])] {
      try folder.write(table(rows, other), to: "x.csv")
      let found = message { _ = try Trainer(resuming: folder["run"], in: registries) }
      #expect(found?.contains("the data has changed: \(folder["x.csv"]): ") == true, "\(found ?? "no error")")
      #expect(found?.contains("--accept-changed-data") == true, "\(found ?? "no error")")
      let measured = message { _ = try FinishedRun(folder["run"], in: registries).scores() }
      #expect(
        measured
          == found?.replacingOccurrences(
            of: "accept the change with --accept-changed-data",
            with: "measure the rows that a file has now: --data FILE"))
      // Given as another file, they are evaluated nevertheless.
      let scores = try FinishedRun(folder["run"], in: registries).scores(file: folder["x.csv"])
      #expect(scores.keys.sorted() == ["test"])
      var accepting = Trainer.Options()
      accepting.acceptsChangedData = true
      let trainer = try Trainer(resuming: folder["run"], in: registries, options: accepting)
      #expect(trainer.notes.last?.hasPrefix("continuing with other data: \(folder["x.csv"]): ") == true)
    }
    var accepting = Trainer.Options()
    accepting.acceptsChangedData = true
    #expect(try !Trainer(resuming: folder["run"], in: registries, options: accepting).run().isInterrupted)
    #expect(try FinishedRun(folder["run"], in: registries).scores().keys.sorted() == ["test", "train"])
  }

  /// A stopped run is evaluated as saved, with a note; without the target it cannot continue.
  @Test func whatIsMissingIsTold() throws {
    try folder.write(table(40), to: "x.csv")
    var batches = 0
    try Trainer(csvRecipe(), in: registries, options: options("run", "x.csv")).run(shouldStop: {
      batches += 1
      return batches == 5
    })
    let told = "the run is not finished: measured as saved after 1 epoch of the stage 'train'"
    #expect(try FinishedRun(folder["run"], in: registries).scoresAndNotes().notes.last == told)
    let whole = try folder.bytes("x.csv")
    try folder.write(Array("a,b,kind\n".utf8) + table(40).dropFirst("a,b,class\n".utf8.count), to: "x.csv")
    #expect(
      message { _ = try Trainer(resuming: folder["run"], in: registries) }
        == "x.csv: it has no targets 'class', which the run was trained on; add them to the file")
    try folder.write(whole, to: "x.csv")
    try Trainer(resuming: folder["run"], in: registries).run()
    #expect(try !FinishedRun(folder["run"], in: registries).scoresAndNotes().notes.contains(told))
  }

  /// How data is read and split may be edited, with a note; if that gives other rows, the remedy is to restore the
  /// recipe.
  @Test func editedDataAreTold() throws {
    try folder.write(table(40), to: "x.csv")
    try Trainer(csvRecipe(), in: registries, options: options("run", "x.csv")).run()
    let whole = try folder.bytes("run/recipe.json")
    try edit("run", #""target": -1"#, #""target": 0"#)
    #expect(
      try Trainer(resuming: folder["run"], in: registries).notes.contains(
        "the recipe has changed since the run was saved: data.target: -1 → 0; columns and classes are those of the "
          + "training, and the rows are unchanged"))
    try folder.write(whole, to: "run/recipe.json")
    try edit("run", #""test": 0.2"#, #""test": 0.3"#)
    for found in [
      message { _ = try Trainer(resuming: folder["run"], in: registries) },
      message { _ = try FinishedRun(folder["run"], in: registries).scores() },
    ] {
      #expect(
        found?.contains("(its recipe has also changed: split.test: 0.2 → 0.3); restore the recipe, start") == true,
        "\(found ?? "no error")")
    }
  }

  /// Training the recipe in a run's folder uses the same rows, wherever they are.
  @Test func aRunsRecipeNamesItsData() throws {
    try folder.write(table(40), to: "data/x.csv")
    let whole = try Trainer(csvRecipe(), in: registries, options: options("run", "data/x.csv")).run()
    let again = try Recipe(contentsOf: folder["run/recipe.json"])
    #expect(again.document["data"]?["file"]?.stringValue == folder["data/x.csv"] && again.summary.isEmpty)
    #expect(try Trainer(again, in: registries).run().scores == whole.scores)
    #expect(try folder.text("run/report.html").contains("Data: \(folder["data/x.csv"])."))
    // A relative name is kept as it was written, with the place where the file was found.
    var relative = try csvRecipe()
    try relative.set("data.file=x.csv")
    var inData = ResumeTests.options(folder["relative"])
    inData.dataFolder = folder["data"]
    try Trainer(relative, in: registries, options: inData).run()
    let copy = try Recipe(contentsOf: folder["relative/recipe.json"])
    #expect(copy.document["data"]?["file"] == "x.csv" && copy.files == ["x.csv": folder["data/x.csv"]])
    #expect(try Trainer(copy, in: registries).run().scores == whole.scores)
    // Another file with that name is different.
    var changed = copy
    try changed.set("split.test=0.25")
    #expect(changed.files == copy.files)
    try changed.set("data.file=x.csv")
    #expect(changed.files.isEmpty)
    // Sets of images read a file in their place.
    let images = Tensor((0..<(20 * 64)).map { UInt8($0 % 17) }, shape: [20, 8, 8])
    try NPZ.write(["images": images, "labels": Tensor((0..<20).map { $0 % 2 }, shape: [20])], to: folder["own.npz"])
    let digits = try recipe("data=digits", "transforms=[]", "batchSize=8")
    for set in ["digits", "mnist"] {
      var recipe = digits
      try recipe.set("data=\(set)")
      let result = try Trainer(recipe, in: registries, options: options(set, "own.npz")).run()
      let own = try Recipe(contentsOf: folder["\(set)/recipe.json"])
      #expect(own.document["data"]?["name"]?.stringValue == set && own.document["data"]?["file"] != nil)
      #expect(try Trainer(own, in: registries).run().scores == result.scores)
    }
  }

  @Test func aRunKnowsItsClasses() throws {
    try folder.write(table(40), to: "x.csv")
    try Trainer(csvRecipe(), in: registries, options: options("run", "x.csv")).run()
    let run = try FinishedRun(folder["run"], in: registries)
    #expect(run.classNames == ["no", "yes"])
    try train("embedded", "data=digits", "model.layers=[{\"name\":\"dense\",\"units\":10}]", "epochs=1")
    let embedded = try FinishedRun(folder["embedded"], in: registries)
    #expect(embedded.classNames == (0...9).map(String.init) && embedded.featureNames == nil)
    for (name, labels, expected) in [
      ("more", [0, 10], "target of row 1: the class '10' is not among those of the training"), ("fewer", [3, 4], ""),
    ] {
      let images = Tensor.zeros([2, 8, 8], dtype: .uint8)
      try NPZ.write(["images": images, "labels": Tensor(labels, shape: [2])], to: folder["\(name).npz"])
      let found = message {
        let scores = try embedded.scores(file: folder["\(name).npz"])
        #expect(scores["test"]?.confusion?.classes == 10)
      }
      #expect(expected.isEmpty ? found == nil : found?.contains(expected) == true, "\(found ?? "no error")")
    }
    try NPZ.write(["x": Tensor.zeros([2, 3])], to: folder["none.npz"])
    var recipe = try recipe("data=npz", "split=same", "model.layers=[{\"name\":\"dense\",\"units\":2}]", "epochs=1")
    try recipe.set("transforms=[]")
    try NPZ.write(
      ["x": Tensor.zeros([4, 3]), "y": Tensor([0, 1, 0, 1], shape: [4])], to: folder["both.npz"])
    try Trainer(recipe, in: registries, options: options("arrays", "both.npz")).run()
    let arrays = try FinishedRun(folder["arrays"], in: registries)
    #expect(message { _ = try arrays.scores(file: folder["none.npz"]) }?.contains("it has no targets") == true)
    try NPZ.write(["x": Tensor.zeros([2, 5]), "y": Tensor([0, 1], shape: [2])], to: folder["wide.npz"])
    #expect(
      message { _ = try arrays.scores(file: folder["wide.npz"]) }?
        .contains("its inputs are [5], but the run was trained on inputs [3]") == true)
  }
}
