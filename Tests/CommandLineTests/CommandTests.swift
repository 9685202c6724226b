import Aviary
import AviaryCommandLine
import AviaryTestSupport
import Foundation
import Testing

@Suite struct ProgressTests {
  @Test(arguments: [
    (80, "train 1/20 ██████░░░░░░ loss 1.7644  accuracy 0.2908  6741 samples/s  6.2 s left"),
    (100, "train 1/20 ██████████░░░░░░░░░░ loss 1.7644  accuracy 0.2908  6741 samples/s  6.2 s left"),
    (70, "train 1/20 █████████░░░░░░░░░ loss 1.7644  accuracy 0.2908  6.2 s left"),
    (52, "train 1/20 loss 1.7644  accuracy 0.2908  6.2 s left"), (12, "train 1/20 l"), (0, ""),
  ]) func theBarGivesWayToTheNumbers(_ width: Int, _ expected: String) {
    let line = ProgressLine(
      head: "train 1/20", share: 0.5, values: "loss 1.7644  accuracy 0.2908", speed: "6741 samples/s",
      left: "6.2 s left")
    #expect(line.text(width: width) == expected)
    #expect(line.text(width: width).count <= width)
  }
}

@Suite(.withTool) struct CommandTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func aviary(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(arguments, in: folder) }

  @Test func listTellsAllNames() throws {
    let all = try aviary("list")
    #expect(all.status == 0 && all.errors.isEmpty)
    let names = Zoo.recipes.map(\.name) + Registries.standard.entries.map(\.name)
    #expect(all.lines.compactMap { $0.split(separator: " ").first.map(String.init) }.sorted() == names.sorted())
    for kind in Registries.standard.kinds {
      let some = try aviary("list", kind.plural)
      let first = some.lines.compactMap { $0.split(separator: " ").first.map(String.init) }
      #expect(some.status == 0 && first == Registries.standard.entries(ofKind: kind.name).map(\.name), "\(kind.name)")
    }
    #expect(try aviary("list", "recipe").output == aviary("list", "recipes").output)
    #expect(try aviary("list", "optimizer").output == aviary("list", "optimizers").output)
  }

  @Test func listTellsWhatIsTagged() throws {
    func names(_ arguments: String...) throws -> [String] {
      let outcome = try Tool.run(["list"] + arguments, in: folder)
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      return outcome.lines.compactMap { $0.split(separator: " ").first.map(String.init) }
    }
    #expect(try names("--tag", "generative") == ["character-model", "dbn", "rbm", "variational-autoencoder"])
    #expect(try names("models", "--tag=generative") == ["character-model", "dbn", "rbm", "variational-autoencoder"])
    #expect(try names("--tag", "embedded") == ["digits", "fonts", "text"])
    #expect(try aviary("describe", "rbm").output.contains("\ntags: generative, unsupervised\n"))
  }

  @Test func searchAndFolds() throws {
    let found = try aviary(
      "search", "mlp-xor", "--set", "epochs=3", "--monitor=test.loss", "--vary", "model.units=choice:[2],[4,4]",
      "--vary",
      "optimizer.learningRate=log:1e-3..1e-1", "--trials=3", "--output=s")
    #expect(found.status == 0 && found.lines.count == 6 && found.lines[3].hasPrefix("best: model.units="), "\(found)")
    let more = try aviary("search", "--resume=s", "--trials", "4")
    #expect(more.status == 0 && more.lines[0].hasPrefix("trial 4/4"), "\(more)")
    #expect(try aviary("train", "s/best.json").status == 0)
    let folds = try aviary("cross-validate", "digits-softmax", "--set", "epochs=1", "--folds=3", "--json")
    #expect(folds.status == 0 && folds.output.contains("\"accuracy\":") && folds.lines.count == 1, "\(folds)")
    for (arguments, text) in [
      (["search", "mlp-xor"], "nothing to vary"), (["search", "--resume=s", "--seed=1"], "cannot be combined"),
      (["search", "mlp-xor", "--vary=a"], "expected a path"), (["search", "mlp-xor", "--method=x"], "grid, random"),
      (["search", "--resume=s", "--trials=1"], "can only grow"),
      (["cross-validate", "mlp-xor", "--order=up"], "stratified"),
      (["cross-validate", "mlp-xor", "--folds=1"], "--folds"),
    ] {
      let wrong = try Tool.run(arguments, in: folder)
      #expect(wrong.status != 0 && wrong.errors.contains(text), "\(wrong.errors)")
    }
  }

  @Test func helpOfACommand() throws {
    let found = try aviary("help", "surface")
    let same = try aviary("surface", "--help").output
    #expect(found.status == 0 && found.output == same)
    #expect(try aviary("help").output.contains("Commands:"))
  }

  @Test func compareSetsRunsBesideEachOther() throws {
    _ = try aviary("train", "mlp-xor", "--set", "epochs=2", "--output=a")
    _ = try aviary("train", "mlp-xor", "--set", "epochs=3", "--output=b")
    let found = try aviary("compare", "a", "b")
    #expect(found.status == 0 && found.lines.last == "see comparison.html", "\(found)")
    #expect(found.lines.contains { $0.hasPrefix("stages.train.epochs") && $0.hasSuffix("3") })
    #expect(try folder.contents("")["comparison.html"] != nil)
    for (arguments, text) in [(["a"], "2 to 26"), (["a", "c"], "c"), (["a", "b", "--output=x.svg"], ".html")] {
      let wrong = try Tool.run(["compare"] + arguments, in: folder)
      #expect(wrong.status != 0 && wrong.errors.contains(text), "\(wrong.errors)")
    }
  }

  @Test func surfaceDrawsTheLossAroundARun() throws {
    _ = try aviary("train", "network-xor", "--set", "epochs=3", "--output=run")
    let found = try aviary("surface", "run", "--points=4", "--output=loss.svg")
    #expect(found.status == 0 && found.output.contains("Dots mark epochs"))
    #expect(try folder.contents("")["loss.svg"]?.starts(with: "<svg".utf8) == true)
    for (arguments, text) in [
      (["run", "--directions=up"], "expected path or random, found 'up'"), (["run", "--points=1"], "--points"),
      (["run", "--extent=0"], "--extent"), (["run", "--output=a.png"], ".html or .svg"), (["none"], "none"),
      ([], "expected the folder of one run"),
    ] {
      let wrong = try Tool.run(["surface"] + arguments, in: folder)
      #expect(wrong.status != 0 && wrong.errors.contains(text), "\(wrong.errors)")
    }
  }

  @Test func optimizeDrawsWaysAndCountsSteps() throws {
    let found = try aviary("optimize", "rosenbrock")
    #expect(found.status == 0 && found.errors.isEmpty && found.lines.count == 8, "\(found)")
    #expect(found.lines[0].hasPrefix("optimizer") && found.lines[4].hasPrefix("lbfgs"))
    #expect(found.lines[7] == "see rosenbrock.html")
    let page = String(decoding: try #require(try folder.contents("")["rosenbrock.html"]), as: UTF8.self)
    #expect(
      page.contains("<svg") && page.contains("sgd learningRate=0.001 momentum=0.9") && page.hasSuffix("</html>\n"))
    let one = try aviary(
      "optimize", #"{"name":"bowl","condition":10}"#, "--optimizer", #"{"name":"sgd","learningRate":0.1}"#,
      "--steps=300",
      "--start=1,1", "--output", "bowl.svg", "--tolerance", "0.001")
    #expect(one.status == 0 && one.lines.count == 4 && one.lines[2].contains("1 and 10"), "\(one)")
    for (arguments, complaint) in [
      (["rosenbrok"], "did you mean 'rosenbrock'"), (["saddle", "--optimizer=gauss-newton"], "sums of squares"),
      (["bowl", "--start=1"], "two numbers"), (["bowl", "--output=x.png"], ".html or .svg"),
      (["bowl", "--optimizer", #"{"name":"sgd","rate":1}"#], "learningRate"), ([], "expected one test function"),
    ] {
      let wrong = try Tool.run(["optimize"] + arguments, in: folder)
      #expect(wrong.status != 0 && wrong.errors.contains(complaint), "\(arguments): \(wrong.errors)")
    }
  }

  @Test func describeDrawsTheGraphOfARecipesModel() throws {
    let found = try aviary("describe", "digits-softmax", "--graph", "graph.dot")
    #expect(found.status == 0 && found.output.contains("nodes in graph.dot"), "\(found)")
    let dot = String(decoding: try #require(try folder.contents("")["graph.dot"]), as: UTF8.self)
    #expect(dot.contains("weight") && dot.contains("->"))
    #expect(try aviary("describe", "adam", "--graph", "graph.svg").status == 2)
  }

  @Test func describeTellsWhatIsKnown() throws {
    let adam = try aviary("describe", "adam")
    #expect(adam.status == 0 && adam.errors.isEmpty)
    for part in ["optimizer adam", "θ ←", "learningRate", "default 0.001", "Kingma"] {
      #expect(adam.output.contains(part), "\(part)")
    }
    for field in try Registries.standard.entry(of: .optimizer, named: "adam").schema {
      #expect(adam.output.contains("  \(field.name) "), "\(field.name)")
    }
    // The kind of thing that a field names is described everywhere.
    #expect(
      try aviary("describe", "dense").output.contains("activation         the name of an activation, or an object"))
    for entry in Registries.standard.entries {
      for field in entry.schema {
        #expect(!field.type.description.contains("a name, or"), "\(entry.kind) \(entry.name): \(field.name)")
      }
    }
    // A name of several kinds is described for each; so are a model's card and a recipe's document.
    let step = try aviary("describe", "step").output
    for kind in ["layer step", "activation step", "schedule step"] { #expect(step.contains(kind), "\(kind)") }
    #expect(try aviary("describe", "cnn").output.contains("# cnn"))
    #expect(try aviary("describe", "fonts-cnn").output.contains("\"blocks\""))
  }

  @Test func helpIsToldAndSucceeds() throws {
    for arguments in [[], ["help"], ["--help"], ["-h"]] {
      let help = try Tool.run(arguments, in: folder)
      #expect(help.status == 0 && help.errors.isEmpty && help.output.contains("aviary train fonts-cnn"))
    }
    for command in ["train", "evaluate", "list", "describe"] {
      let help = try aviary(command, "--help")
      #expect(help.status == 0 && help.output.contains("aviary \(command)"), "\(command)")
    }
  }

  @Test func trainingTellsItsScoresInPlainLines() throws {
    let outcome = try aviary("train", "two-class-logistic", "--epochs", "3", "--threads", "1")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.lines.filter { $0.hasPrefix("epoch ") }.count == 3)
    let last = outcome.lines.suffix(3).map { $0 }
    #expect(last[0].hasPrefix("3 epochs in "))
    #expect(last[0].hasSuffix(" s; see runs/two-class-logistic-epochs=3/report.html"))
    // The suggested next commands.
    #expect(last[1] == "evaluate it:            aviary evaluate runs/two-class-logistic-epochs=3")
    #expect(last[2] == "try another optimizer:  aviary train two-class-logistic --set optimizer=adam")
    #expect(!outcome.output.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(folder.holds("runs/two-class-logistic-epochs=3/report.html"))
    // The next run with this name gets its own folder.
    let quiet = try aviary("train", "two-class-logistic", "--epochs=3", "--quiet")
    #expect(quiet.lines.count == 3 && quiet.lines[2].contains("runs/two-class-logistic-epochs=3-2/"))
    let first = try folder.bytes("runs/two-class-logistic-epochs=3/weights.safetensors")
    #expect(try folder.bytes("runs/two-class-logistic-epochs=3-2/weights.safetensors") == first)
    // A long run does not fill the log.
    let long = try aviary("train", "mlp-xor", "--epochs", "1000")
    #expect(long.lines.filter { $0.hasPrefix("epoch ") }.count == 51)
  }

  @Test func jsonIsTheLastLineOfOutputAndMessagesGoToErrors() throws {
    let outcome = try aviary(
      "train", "mlp-xor", "--set", "epochs=5", "--set", "optimizer.name=rmsprop", "--seed", "7", "--json",
      "--output", "here")
    #expect(outcome.status == 0 && outcome.lines.count == 1)
    #expect(outcome.errors.contains("epoch 5/5") && !outcome.errors.contains("\u{1b}"))
    let json = try ConfigurationValue(parsing: #require(outcome.lines.last))
    #expect(json.objectValue?.keys == ["run", "epochs", "train", "test", "warnings", "seconds"])
    #expect(json["run"] == "here" && json["epochs"] == 5)
    #expect(json["seconds"]?.numberValue ?? 0 > 0)
    let recipe = try Recipe(contentsOf: folder["here/recipe.json"])
    #expect(recipe.document["seed"] == 7 && recipe.document["stages"]?[0]?["optimizer"]?["name"] == "rmsprop")
    // The numbers are those of the metrics, to the last bit, and those of evaluate.
    let last = try #require(folder.text("here/metrics.csv").split(separator: "\n").last).split(separator: ",")
    #expect(
      json["test"]?["loss"]?.numberValue == Double(last[5]) && json["test"]?["accuracy"]?.numberValue == Double(last[6])
    )
    let evaluated = try ConfigurationValue(parsing: aviary("evaluate", "here", "--json").output)
    #expect(evaluated["test"] == json["test"] && evaluated["train"] == json["train"] && evaluated["epochs"] == 5)
    // Resuming a finished run reports the same.
    let resumed = try aviary("train", "--resume", "here", "--json", "--quiet")
    #expect(resumed.status == 0 && resumed.errors.isEmpty)
    #expect(try ConfigurationValue(parsing: resumed.output)["test"] == json["test"])
  }

  /// Every stage has its own optimizer and number of epochs: nothing would be trained otherwise.
  @Test func aChangeThatChangesNothingIsRefused() throws {
    for (change, remedy) in [
      ("optimizer=adadelta", "set stages.train.optimizer or stages.all.optimizer"),
      ("epochs=1", "set stages.train.epochs or stages.all.epochs"),
    ] {
      let outcome = try aviary("train", "digits-maxout", "--set", change)
      #expect(outcome.status == 2 && outcome.errors.contains("--set \(change) would have no effect"))
      #expect(outcome.errors.contains(remedy), "\(outcome.errors)")
    }
    let quiet = ["train", "digits-maxout", "--set", "stages.train.epochs=1", "--epochs", "1", "--quiet"]
    #expect(try Tool.run(quiet + ["--set", "optimizer.nesterov=true"], in: folder).status == 0)
    let isa = try Tool.run(["list"], in: folder, environment: ["AVIARY_ISA": "sse9"])
    #expect(isa.status == 2 && isa.errors.contains("AVIARY_ISA: expected one of baseline, avx2, avx512, found 'sse9'"))
  }

  @Test func samplesOfAGenerativeModel() throws {
    #expect(try aviary("train", "digits-rbm", "--epochs", "2", "--quiet", "--output", "runs/digits-rbm").status == 0)
    let report = try folder.text("runs/digits-rbm/report.html")
    for section in ["Curves", "Reconstructions", "Samples", "Filters of weight"] {
      #expect(report.contains("<h2>\(section)</h2>"), "\(section)")
    }
    let images = try aviary("sample", "runs/digits-rbm", "--count", "4", "--steps", "2")
    #expect(images.lines == ["4 samples in samples.png"] && images.errors.isEmpty)
    // Two by two images of 8 by 8 pixels, each pixel enlarged four by four, with gaps between images.
    #expect(try PNG.read(folder["samples.png"]).shape == [65, 65, 1])
    let numbers = ["sample", "runs/digits-rbm", "--count", "4", "--steps", "2", "--output"]
    for (name, more) in [("a.npy", []), ("b.npy", []), ("c.npy", ["--seed", "2"]), ("d.npy", ["--start", "random"])] {
      #expect(try Tool.run(numbers + [name] + more, in: folder).status == 0)
    }
    // Stored pixels range from 0 to 16, and the model's from 0 to 1; the pictures of both are the same.
    #expect(try Tool.run(numbers + ["model.npy", "--units", "model"], in: folder).status == 0)
    let (stored, drawn) = (try NPY.read(folder["a.npy"]), try NPY.read(folder["model.npy"]))
    #expect(stored.shape == [4, 8, 8, 1] && drawn.max().item() <= 1)
    #expect((stored - drawn * 16).abs().max().item() < 1e-5)
    let picture = try PNG.read(folder["samples.png"]).cast(to: .float32)
    let same = ImageGrid.tiled(drawn, columns: 2, scale: 4).cast(to: .float32)
    #expect((picture - same).abs().max().item() <= 1)
    #expect(try folder.bytes("a.npy") == folder.bytes("b.npy"))
    #expect(try folder.bytes("a.npy") != folder.bytes("c.npy") && folder.bytes("a.npy") != folder.bytes("d.npy"))
    let likely = try ConfigurationValue(
      parsing: aviary("evaluate", "runs/digits-rbm", "--likelihood", "100", "--json").output)
    let found = try ["log-likelihood-least", "log-likelihood"].map {
      try #require(likely["test"]?[$0]?.numberValue)
    }
    #expect(found[0] < found[1] && found[1] < 0)
    let unknown = try aviary("sample", "runs/digits-rbm", "--units", "pixels")
    #expect(unknown.status == 2 && unknown.errors.contains("--units: expected stored or model, found 'pixels'"))
    let elsewhere = try aviary("sample", "runs/digits-rbm", "--start", "nowhere")
    #expect(elsewhere.status == 2 && elsewhere.errors.contains("expected train, validation, test or random"))
    #expect(try aviary("train", "mlp-xor", "--epochs", "1", "--quiet", "--output", "runs/mlp-xor").status == 0)
    let none = try aviary("sample", "runs/mlp-xor")
    #expect(none.status == 1 && none.errors.contains("rbm, dbn"))
    let no = try aviary("evaluate", "runs/mlp-xor", "--likelihood", "30")
    #expect(no.status == 1 && no.errors.contains("has no likelihood; models with one: "))
    #expect(try aviary("evaluate", "runs/digits-rbm", "--likelihood", "29").status == 2)
  }

  /// Samples of a model with standardized inputs come back as pixels, and a picture shows them like the data.
  @Test func samplesOfStandardizedData() throws {
    let outcome = try aviary(
      "train", "digits-rbm", "--epochs", "2", "--quiet", "--output", "g", "--set", "model.visible=gaussian", "--set",
      "transforms=[\"standardize\"]", "--set", "optimizer.learningRate.from=0.01")
    #expect(outcome.status == 0, "\(outcome.errors)")
    for more in [["s.npy"], ["m.npy", "--units", "model"], ["s.png"], ["m.png", "--units", "model"]] {
      #expect(try Tool.run(["sample", "g", "--count", "9", "--steps", "3", "--output"] + more, in: folder).status == 0)
    }
    let (stored, drawn) = (try NPY.read(folder["s.npy"]), try NPY.read(folder["m.npy"]))
    let run = try FinishedRun(folder["g"], in: .standard)
    #expect(try run.inputRange() == 0...16)
    let learned = try #require(run.preprocessing.learned.first)
    let (mean, deviation) = (try #require(learned["mean"]), try #require(learned["deviation"]))
    let expected = drawn.cast(to: .float64) * deviation + mean
    #expect((stored.cast(to: .float64) - expected).abs().max().item() < 1e-4)
    let grid = ImageGrid.tiled(stored, columns: 3, range: 0...16, scale: 4)
    #expect(try PNG.read(folder["s.png"]).scalars(as: Int.self) == grid.scalars(as: Int.self))
    // In the model's units, black and white are the minimum and maximum of the samples.
    let own = ImageGrid.tiled(drawn, columns: 3, range: drawn.min().item()...drawn.max().item(), scale: 4)
    #expect(try PNG.read(folder["m.png"]).scalars(as: Int.self) == own.scalars(as: Int.self))
  }

  @Test func epochsAreTheLastStages() throws {
    let recipe = """
      {"version": 1, "name": "two", "data": "gates", "split": "same", "model": "mlp",
       "stages": [{"name": "a", "epochs": 2}, {"name": "finetune", "epochs": 9}]}
      """
    try folder.write(Array(recipe.utf8), to: "two.json")
    let outcome = try aviary(
      "train", "two.json", "--epochs", "3", "--set", "stages.finetune.optimizer.name=adam", "--json", "--quiet",
      "--output", "runs/two")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try ConfigurationValue(parsing: outcome.output)["epochs"] == 5)
    let stages = try Recipe(contentsOf: folder["runs/two/recipe.json"]).document["stages"]
    #expect(stages?[0]?["optimizer"]?["name"] == "sgd" && stages?[1]?["optimizer"]?["name"] == "adam")
  }

  /// A finished run continues, and a file of images given instead of the set's own stays part of the run.
  @Test func aRunGoesOn() throws {
    #expect(try aviary("train", "mlp-xor", "--epochs", "2", "--quiet", "--output", "run").status == 0)
    let more = try aviary("train", "--resume", "run", "--epochs", "4", "--json", "--quiet")
    #expect(more.status == 0 && more.lines.count == 1)
    #expect(more.errors.hasPrefix("note: the recipe has changed since the run was saved: stages.0.epochs: 2 → 4; "))
    #expect(try ConfigurationValue(parsing: more.output)["epochs"] == 4)
    #expect(try aviary("train", "mlp-xor", "--epochs", "4", "--quiet", "--output", "whole").status == 0)
    #expect(try folder.bytes("run/weights.safetensors") == folder.bytes("whole/weights.safetensors"))
    let images = Tensor((0..<(20 * 36)).map { UInt8($0 % 251) }, shape: [20, 6, 6])
    try NPZ.write(["x": images, "y": Tensor((0..<20).map { $0 % 2 }, shape: [20])], to: folder["pictures.npz"])
    let first = try aviary(
      "train", "fonts-mlp", "--data", "pictures.npz", "--epochs", "1", "--output", "own", "--json", "--quiet")
    let again = try aviary("train", "own/recipe.json", "--output", "again", "--json", "--quiet")
    #expect(first.status == 0 && again.status == 0, "\(first.errors)\(again.errors)")
    let scores = try [first, again].map { try ConfigurationValue(parsing: $0.output)["test"] }
    #expect(scores[0] == scores[1])
    let elsewhere = try Tool.run(
      ["train", folder["own/recipe.json"], "--output", folder["third"], "--json", "--quiet"],
      in: ScratchFolder())
    #expect(try ConfigurationValue(parsing: elsewhere.output)["test"] == scores[0], "\(elsewhere.errors)")
  }

  @Test func dataFromAFileAndMeasuringAnother() throws {
    func table(_ shift: Double, _ count: Int = 40) -> [UInt8] {
      let rows = (0..<count).map {
        "\(Double($0 % 7) - shift),\(Double($0 % 2) * 4 + shift),\($0 % 2 == 0 ? "no" : "yes")"
      }
      return Array(("a,b,class\n" + rows.joined(separator: "\n") + "\n").utf8)
    }
    try folder.write(table(0), to: "data/one.csv")
    try folder.write(table(1), to: "data/two.csv")
    let recipe = """
      {"version": 1, "name": "table", "data": "csv", "model": "logistic-regression", "transforms": ["standardize"],
       "split": {"name": "stratified", "test": 0.25}, "optimizer": "adam", "epochs": 4}
      """
    try folder.write(Array(recipe.utf8), to: "table.json")
    let outcome = try Tool.run(
      ["train", "table.json", "--data", "one.csv", "--json", "--quiet", "--output", "runs/table"], in: folder,
      environment: ["AVIARY_DATA": folder["data"]])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let scores = try ConfigurationValue(parsing: outcome.output)
    let other = try aviary("evaluate", "runs/table", "--data", "data/two.csv", "--json")
    let measured = try ConfigurationValue(parsing: other.output)
    #expect(
      measured["train"] == .null && measured["test"]?["loss"]?.numberValue != scores["test"]?["loss"]?.numberValue)
    // The run's data is found where it was, wherever the tool runs and by any name.
    for arguments in [["evaluate", "runs/table"], ["evaluate", "runs/table", "--data", "data/one.csv"]] {
      let own = try Tool.run(arguments + ["--json"], in: folder)
      #expect(own.status == 0, "\(own.errors)")
      #expect(try ConfigurationValue(parsing: own.output)["train"]?["loss"] == scores["train"]?["loss"])
    }
    // With other rows, it is a file like any other.
    try folder.write(table(0, 39), to: "data/one.csv")
    let grown = try aviary("evaluate", "runs/table", "--data", "data/one.csv", "--json")
    #expect(grown.status == 0, "\(grown.errors)")
    #expect(try ConfigurationValue(parsing: grown.output)["train"] == .null)
    try folder.write(table(0), to: "data/one.csv")
    // In another place, the file must be given; it is not needed to evaluate other files.
    try FileManager.default.moveItem(atPath: folder["data/one.csv"], toPath: folder["one-moved.csv"])
    let lost = try aviary("evaluate", "runs/table")
    #expect(lost.status == 1 && lost.errors.contains("one.csv: no such file, nor '"))
    #expect(try aviary("evaluate", "runs/table", "--data", "data/two.csv").status == 0)
    #expect(try aviary("train", "--resume", "runs/table", "--data", "one-moved.csv", "--quiet").status == 0)
    try FileManager.default.createDirectory(atPath: folder["new"], withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: folder["one-moved.csv"], toPath: folder["new/one-moved.csv"])
    let found = try Tool.run(["evaluate", "runs/table"], in: folder, environment: ["AVIARY_DATA": folder["new"]])
    #expect(found.status == 0 && found.output.contains("test       loss "), "\(found.errors)")
    // Changed data is not the data of the run.
    try folder.write(table(0, 39), to: "new/one-moved.csv")
    let changed = try Tool.run(
      ["train", "--resume", "runs/table"], in: folder, environment: ["AVIARY_DATA": folder["new"]])
    #expect(changed.status == 1 && changed.errors.contains("the data has changed"), "\(changed.errors)")
    // For a recipe with another kind of data, the error names the data set that reads the file, and that works.
    let wrong = try aviary("train", "fonts-mlp", "--data", "data/two.csv")
    #expect(wrong.status == 1 && wrong.errors.contains(": --set data=csv --data data/two.csv"), "\(wrong.errors)")
    let right = try aviary(
      "train", "fonts-mlp", "--set", "data=csv", "--data", "data/two.csv", "--epochs", "1", "--quiet")
    #expect(right.status == 0, "\(right.errors)")
  }
}
