import AviaryCore
import AviaryFormats
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

@Suite struct RunFolderTests {
  private func run(_ folder: ScratchFolder, _ changes: String...) throws -> TrainingResult {
    try Trainer(recipe(changes), in: registries, options: ResumeTests.options(folder["run"])).run()
  }

  @Test func metrics() throws {
    let folder = try ScratchFolder()
    let result = try run(folder, "model.pretrains=true", "evaluateEvery=2", #"stages.pretrain.metrics=[]"#)
    let rows = try folder.text("run/metrics.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let parts = ["train", "validation", "test"].flatMap { ["\($0).loss", "\($0).accuracy"] }
    #expect(rows[0] == ["stage", "epoch", "step"] + parts + ["learning-rate", "seconds"])
    #expect(
      rows.dropFirst().allSatisfy { $0[9] == "\(result.history[0].values["learning-rate"] ?? 0)" || $0[9] == "0.1" })
    #expect(
      rows.dropFirst().map { $0[0...2].joined(separator: " ") } == [
        "pretrain 1 4", "pretrain 2 8", "pretrain 3 12", "train 1 4", "train 2 8", "train 3 12",
      ])
    // The second and the last epoch measure the other parts; the first stage has only the loss.
    #expect(rows.dropFirst().map { $0[5].isEmpty } == [true, false, false, true, false, false])
    #expect(rows.dropFirst().map { $0[4].isEmpty } == [true, true, true, false, false, false])
    for (row, record) in zip(rows.dropFirst(), result.history) {
      for (column, text) in zip(parts, row.dropFirst(3)) where !text.isEmpty {
        #expect(Double(text) == record.values[column])
      }
    }
    #expect(result.history[5].values["test.loss"] == result.scores["test"]?.values["loss"])
    #expect(result.history[5].values["test.accuracy"] == result.scores["test"]?.confusion?.accuracy)
    #expect(result.scores["train"]?.confusion?.total == 64 && result.scores["test"]?.confusion?.total == 8)
  }

  @Test func theLossBeforeTheFirstStepIsThatOfTheInitialWeights() throws {
    let start = try recipe("batchSize=null", "epochs=1", "model.layers.1.weightInitializer=zeros")
    let result = try Trainer(start, in: registries).run()
    let loss = try #require(result.history[0].values["train.loss"])
    #expect(abs(loss - 0.6931471805599453) < 1e-6)
  }

  @Test func weightsAndReport() throws {
    let folder = try ScratchFolder()
    let result = try run(
      folder, "data=fonts", #"transforms=[{"name":"scale","divisor":255}]"#, "batchSize=500", "epochs=2",
      #"model.layers=[{"name":"dense","units":3},"batch-norm",{"name":"dense","units":5}]"#)
    let weights = try Safetensors(contentsOf: folder["run/weights.safetensors"]).tensors
    let names = result.model.parameters.entries.map(\.name)
    #expect(weights.names.sorted() == names.sorted() && names.contains("1.batch-norm.runningMean"))
    for name in names { #expect(weights[name]?.description == result.model.parameters[name].description) }

    let html = try folder.text("run/report.html")
    // A failure names the piece, not the whole page.
    func expect(_ holds: Bool, _ comment: Comment) { #expect(holds, comment) }
    for part in [
      "<h2>Result</h2>", "<h2>Curves</h2>", ">loss</text>", ">accuracy</text>", ">validation</text>",
      "<h2>Confusion matrix (test)</h2>",
      "<h2>Filters of 0.dense.weight</h2>", "data:image/png;base64,", "<h2>Network</h2>", "<h2>Recipe</h2>",
      "&quot;name&quot;: &quot;clouds&quot;",
    ] { expect(html.contains(part), "\(part)") }
    // Self-contained: nothing is fetched, nothing runs.
    for part in ["http", "<script", "<link", "@import"] { expect(!html.contains(part), "\(part)") }
    #expect(html.components(of: "<svg") == 2 && html.components(of: "<figure") == 3)
    for tag in ["svg", "table", "tr", "td", "th", "figure", "h1", "h2", "pre", "text", "p", "html", "style", "title"] {
      #expect(
        html.components(of: "<\(tag)>") + html.components(of: "<\(tag) ") == html.components(of: "</\(tag)>"), "\(tag)")
    }
    // Date, duration, data, release.
    #expect(html.contains("<p class=\"note\">Data: fonts.</p>"))
    let circumstances = try Regex(
      #"Trained for 2 epochs in [0-9.]+ s, with seed \d+, on \d{4}-\d\d-\d\d at \d\d:\d\d UTC, by aviary \d+\.\d+\.\d+\."#
    )
    #expect(html.contains(circumstances))
    #expect(!html.contains("Changed settings"))
    let confusion = try #require(result.scores["test"]?.confusion)
    #expect(html.components(of: ">\(confusion.counts[0][0])</td>") >= 1)
  }

  /// The numbers beside a chart have the room that they need, whatever their size.
  @Test(arguments: ["1e-7", "0.01", "1e3", "1e9"]) func labelsOfAxesAreNotCut(_ rate: String) throws {
    let folder = try ScratchFolder()
    let optimizer = #"optimizer={"name":"sgd","learningRate":\#(rate)}"#
    let precise = "precision=float64"
    try Trainer(recipe(optimizer, precise, "epochs=4"), in: registries, options: ResumeTests.options(folder["run"]))
      .run()
    let html = String(decoding: try folder.bytes("run/report.html"), as: UTF8.self)
    let label = try Regex(#"<text x="([0-9.]+)"[^>]* text-anchor="end">([^<e]*(e-?\d+)?)</text>"#)
    for chart in html.split(separator: "<svg").dropFirst() {
      let labels = chart.prefix(upTo: chart.range(of: "</svg>")?.lowerBound ?? chart.endIndex).matches(of: label)
        .compactMap { match in
          match.output[1].substring.flatMap { Double($0) }.map {
            (right: $0, text: String(match.output[2].substring ?? ""))
          }
        }
      #expect(labels.count >= 2)
      for (right, text) in labels {
        #expect(Double(text)?.isFinite == true && 6.6 * Double(text.count) <= right, "\(text)")
      }
      // Neighboring numbers are distinguishable.
      #expect(zip(labels, labels.dropFirst()).allSatisfy { $0.text != $1.text }, "\(labels)")
    }
  }

  /// Without predicted labels there is no confusion matrix, and inputs beyond the loss's range are refused in any part.
  @Test func reconstructionsAreNotConfused() throws {
    let folder = try ScratchFolder()
    let layers = #"model.layers=[{"name":"dense","units":1,"activation":"tanh"},{"name":"dense","units":2}]"#
    let objective = #"objective={"name":"reconstruction","loss":"mean-squared-error"}"#
    let result = try run(folder, layers, objective, "metrics=[\"squared-error\"]")
    #expect(result.scores.count == 3 && result.scores.values.allSatisfy { $0.confusion == nil })
    #expect(try !folder.text("run/report.html").contains("Confusion"))
    let ranges = message {
      let cross = #"transforms=["normalize-range"]"#
      _ = try Trainer(recipe(layers, "objective=reconstruction", cross, "split.test=0.4"), in: registries)
    }
    #expect(ranges?.contains("needs targets from 0 to 1, but these range from") == true)
    for layers in [
      #"[{"name":"dense","units":2},"liar"]"#, #"[{"name":"dense","units":2},"liar",{"name":"dense","units":2}]"#,
    ] {
      let liar = message { _ = try Trainer(recipe("model.layers=\(layers)", "objective=plain"), in: registries) }
      #expect(
        liar?.contains("layer 1.liar: it declares outputs [3, 3] for [3, 2], but gives [3, 2]") == true, "\(liar ?? "")"
      )
    }
  }

  @Test func aFolderThatHoldsAnythingOfARunIsRefusedUntouched() throws {
    for name in Trainer.files {
      let folder = try ScratchFolder()
      try folder.write(Array("mine".utf8), to: "run/\(name)")
      let found = message { _ = try run(folder) }
      #expect(found?.hasSuffix("it already holds a \(name); resume that run, or choose another folder") == true)
      #expect(try folder.contents() == ["run/\(name)": Array("mine".utf8)])
    }
    let folder = try ScratchFolder()
    try folder.write([1], to: "run")
    #expect(message { _ = try run(folder) }?.contains("cannot create the run's folder: ") == true)
    #expect(message { _ = try FinishedRun(folder["none"], in: registries) }?.contains("not a run") == true)
  }

  /// Recipes that cannot be trained are refused before a folder is created.
  @Test(
    arguments: [
      ("parameters=[\"9.*\"]", "no trained parameter matches '9.*'; known: 0.dense.weight, 0.dense.bias"),
      ("model.layers.1.units=1", "softmax-cross-entropy needs outputs [2] for 2 classes, but here they are [1]"),
      ("stopping=early-stopping", nil),
      (#"stopping={"name":"early-stopping","monitor":"validation.los"}"#, "did you mean 'validation.loss'?"),
      (
        "split={\"name\":\"stratified\",\"test\":0.5,\"validation\":0.5}", "split.validation: expected a fraction below"
      ),
      ("data.file=x", "unknown key"), ("model.layers.0.units=100000000000", "does not fit into"),
      ("model.layers=[{\"name\":\"conv2d\",\"filters\":2,\"window\":3}]", "0.conv2d"),
      ("transforms=[{\"name\":\"reshape\",\"shape\":[3]}]", "3"),
    ] as [(String, String?)])
  func nothingIsWrittenForWhatCannotBeTrained(_ change: String, _ expected: String?) throws {
    let folder = try ScratchFolder()
    let found = message { _ = try run(folder, change) }
    if let expected {
      #expect(found?.contains(expected) == true, "\(found ?? "no error")")
    } else {
      #expect(found == nil)
    }
    #expect(folder.holds("run") == (expected == nil))
  }

  @Test func divergenceIsToldWithPlaceAndRemedy() throws {
    let folder = try ScratchFolder()
    let found = message {
      _ = try run(folder, "optimizer.learningRate=1e30", "objective.loss=mean-squared-error", "stages.train.epochs=50")
    }
    #expect(found?.hasPrefix("stage 'train', epoch ") == true, "\(found ?? "no error")")
    #expect(found?.contains("lower the learning rate") == true)
  }

  /// A damaged checkpoint is an error and changes nothing, wherever it was cut.
  @Test func aDamagedCheckpointIsRefused() throws {
    let folder = try ScratchFolder()
    _ = try run(folder, "optimizer=adam", "stopping=early-stopping")
    let whole = try folder.bytes("run/checkpoint.safetensors")
    let before = try folder.contents()
    let file = folder["run/checkpoint.safetensors"]
    for length in Set((0..<40).map { $0 * whole.count / 40 } + [7, 8, 9, whole.count - 1]) {
      try folder.write(whole.prefix(length), to: "run/checkpoint.safetensors")
      let found = message { _ = try Trainer(resuming: folder["run"], in: registries) }
      #expect(found?.hasPrefix(file + ": ") == true, "cut to \(length): \(found ?? "no error")")
    }
    for place in stride(from: 3, to: whole.count, by: whole.count / 60) {
      var flipped = whole
      flipped[place] ^= 0x10
      try folder.write(flipped, to: "run/checkpoint.safetensors")
      let found = message { _ = try Trainer(resuming: folder["run"], in: registries) }
      #expect(found?.hasPrefix(file + ": ") == true, "byte \(place): \(found ?? "no error")")
    }
    let contents = try Safetensors(whole)
    let text = try #require(contents.metadata["aviary"])
    for (old, new) in [
      (#""version": 1"#, #""version": 2"#), (#""stage": 0"#, #""stage": 7"#), (#""stage": 0"#, #""stage": -1"#),
      (#""step": "#, #""steps": "#), (#""history": ["#, #""history": [3, "#), (#""rows": [64"#, #""rows": [63"#),
      (#""classes": 2"#, #""classes": 3"#), (#""input": ["#, #""input": ["x", "#), (#""isFinished": true"#, "oops"),
      (#""optimizerNumbers": {}"#, #""optimizerNumbers": {"a": "b"}"#),
    ] {
      let changed = text.replacing(old, with: new)
      #expect(changed != text, "\(old)")
      try folder.write(
        CheckpointSeal.sealed(Safetensors(contents.tensors, metadata: ["aviary": changed])).encoded(),
        to: "run/checkpoint.safetensors")
      let found = message { _ = try Trainer(resuming: folder["run"], in: registries) }
      #expect(found?.hasPrefix(file + ": ") == true, "\(new): \(found ?? "no error")")
    }
    for (name, tensor) in [
      ("parameters.0.dense.weight", Tensor.zeros([3, 4])), ("parameters.0.dense.weight", nil),
      ("parameters.0.dense.weight", Tensor.zeros([2, 4], dtype: .float64)), ("best.trainable", Tensor.zeros([1])),
    ] as [(String, Tensor?)] {
      var tensors = contents.tensors
      tensors[name] = tensor
      if name.hasPrefix("best") { tensors["best.state"] = Tensor.zeros([0]) }
      try folder.write(
        CheckpointSeal.sealed(Safetensors(tensors, metadata: contents.metadata)).encoded(),
        to: "run/checkpoint.safetensors")
      let found = message { _ = try Trainer(resuming: folder["run"], in: registries) }
      #expect(found?.contains("another recipe") == true, "\(name): \(found ?? "no error")")
    }
    try folder.write(whole, to: "run/checkpoint.safetensors")
    #expect(try folder.contents() == before)
  }

  /// In the middle of a stage, what belongs to it is checked as well.
  @Test func aCheckpointOfAnotherStageIsRefused() throws {
    let folder = try ScratchFolder()
    let start = try recipe("optimizer=adam")
    var batches = 0
    try Trainer(start, in: registries, options: ResumeTests.options(folder["run"])).run(shouldStop: {
      batches += 1
      return batches == 6
    })
    let document = try folder.text("run/recipe.json")
    for (old, new, expected) in [
      ("\"*\"", "\"0.*\"", "already used: stages.0.parameters.0: \"*\" → \"0.*\"; restore them"),
      (#""metrics": null"#, #""metrics": ["error"]"#, "already used: stages.0.metrics: null → [\"error\"]"),
    ] {
      let changed = document.replacing(old, with: new)
      #expect(changed != document)
      try folder.write(Array(changed.utf8), to: "run/recipe.json")
      let found = message { _ = try Trainer(resuming: folder["run"], in: registries) }
      #expect(found?.contains(expected) == true, "\(found ?? "no error")")
    }
  }

  @Test func aFinishedRunIsReadBack() throws {
    let folder = try ScratchFolder()
    let result = try run(folder)
    let finished = try FinishedRun(folder["run"], in: registries)
    #expect(finished.epochs == 3 && finished.history == result.history)
    #expect(try finished.scores() == result.scores)
    #expect(message { _ = try finished.scores(file: "other.npz") }?.contains("reads no file") == true)
  }
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
