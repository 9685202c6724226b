import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// The same bits: for any number of threads, and however often a training was interrupted.
@Suite struct ResumeTests {
  /// Ends a training like a kill: nothing more is written.
  struct Kill: Error {}

  static let stopping =
    #"stopping={"name":"early-stopping","monitor":"validation.loss","patience":2,"minimumChange":0.02}"#

  /// Changes of the recipe that together cover every kind of state.
  static let recipes: [[String]] = [
    ["stages.train.optimizer.nesterov=true"],
    ["optimizer.name=adagrad"], ["optimizer.name=rmsprop"], ["optimizer.name=adadelta"], ["optimizer.name=adam"],
    ["optimizer.name=adamw"], ["optimizer.name=adamax"], ["optimizer=line-search", "batchSize=null", "epochs=5"],
    ["optimizer=rprop", "batchSize=null"], ["optimizer.name=nadam"], ["optimizer.name=muon"],
    ["optimizer.name=averaged-sgd"], [stopping, "epochs=30", "optimizer.name=averaged-sgd"],
    [
      "optimizer=adam", "clipping=global-norm",
      #"optimizer.learningRate={"name":"inverse-time","initial":0.1,"rate":0.5,"every":5}"#, "precision=float64",
    ],
    [
      #"model.layers=[{"name":"dense","units":6},"batch-norm","relu",{"name":"dropout","rate":0.3},{"name":"dense","units":2}]"#
    ],
    [stopping, "epochs=30", "optimizer.name=adam", "optimizer.learningRate=0.3"],
    [stopping, "epochs=4", "evaluateEvery=2"],
    ["model.pretrains=true", "optimizer.name=adam", "epochs=2"],
    [
      #"stages=[{"name":"a","parameters":["0.*"],"epochs":1},{"name":"none","epochs":0},{"name":"b","objective":"plain"}]"#
    ],
    [
      #"data={"name":"text","steps":20}"#, "split=given", "transforms=[]", "batchSize=128", "epochs=2",
      #"objective={"name":"supervised","carriesState":true}"#,
      #"model.layers=[{"name":"embedding","symbols":58,"size":4},{"name":"lstm","units":5,"outputs":"all"},{"name":"time-distributed","layers":[{"name":"dense","units":58}]}]"#,
    ],
    ["batchSize=null", "shuffle=false"], ["batchSize=30", "dropsLast=true"],
    ["optimizer=adasecant", "epochs=5"], [#"optimizer={"name":"vsgd","slowStart":2}"#],
    [#"optimizer={"name":"vsgd","slowStart":3,"sharing":"tensor"}"#, "precision=float64"],
    [#"optimizer={"name":"lbfgs","memory":3}"#, "batchSize=null", "epochs=6"],
    ["optimizer=conjugate-gradient", "batchSize=null", "epochs=5"],
    ["optimizer=newton", "batchSize=null", "epochs=5"], ["optimizer=gauss-newton", "batchSize=null", "epochs=5"],
    [#"optimizer={"name":"lookahead","period":3}"#],
    [#"optimizer={"name":"weight-average","optimizer":{"name":"lookahead","optimizer":"nadam"},"decay":0.8}"#],
    [stopping, "epochs=30", #"optimizer={"name":"gradient-accumulation","batches":3}"#],
    [#"optimizer={"name":"sharpness-aware","optimizer":{"name":"sgd","momentum":0.9}}"#],
    ["optimizer=adam", #"groups={"*.bias":{"learningRate":0.1},"0.*.weight":{"amsgrad":true}}"#],
    [
      #"optimizer={"name":"lookahead","period":2,"optimizer":{"name":"averaged-sgd","learningRate":0.3}}"#,
      #"groups={"1.*":{"period":3,"optimizer":{"learningRate":0.1}}}"#,
    ],
  ]

  /// The files of a run, except for the seconds in `metrics.csv` and the date in `report.html`.
  static func files(_ folder: ScratchFolder, _ run: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for (name, bytes) in try folder.contents(run) {
      if name == "report.html" {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.contains("Trained for") }
        files[name] = lines.joined(separator: "\n")
        continue
      }
      guard name == "metrics.csv" else {
        files[name] = sha256(bytes)
        continue
      }
      let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      files[name] = rows.map {
        $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",")
      }
      .joined(separator: "\n")
    }
    return files
  }

  static func options(_ output: String, everySteps: Int? = nil) -> Trainer.Options {
    var options = Trainer.Options()
    options.output = output
    options.stepsBetweenCheckpoints = everySteps
    return options
  }

  @Test(arguments: recipes) func stoppedAndResumedItGivesTheSameBits(_ changes: [String]) throws {
    let folder = try ScratchFolder()
    let recipe = try recipe(changes)
    let whole = try Trainer(recipe, in: registries, options: Self.options(folder["whole"])).run()
    // A batch, two, three … at a time: in mid-epoch, at its end, at the end of a stage.
    var batches = 0
    var limit = 1
    let stop = {
      batches += 1
      return batches == limit
    }
    var result = try Trainer(recipe, in: registries, options: Self.options(folder["parts"])).run(shouldStop: stop)
    var resumed = 0
    while result.isInterrupted, resumed < 100 {
      #expect(result.scores.keys.sorted() == whole.scores.keys.sorted())
      (batches, limit, resumed) = (0, limit % 7 + 1, resumed + 1)
      result = try Trainer(resuming: folder["parts"], in: registries).run(shouldStop: stop)
    }
    #expect(resumed >= 1)
    #expect(result.history == whole.history && result.scores == whole.scores)
    let files = try Self.files(folder, "whole")
    #expect(files.keys.sorted() == Trainer.files.sorted())
    #expect(try Self.files(folder, "parts") == files)
    // A finished run resumes to itself.
    try Trainer(resuming: folder["parts"], in: registries).run()
    #expect(try Self.files(folder, "parts") == files)
  }

  @Test(arguments: [recipes[4], recipes[9], recipes[10], recipes[12]])
  func killedAtAnyEventItGivesTheSameBits(_ changes: [String]) throws {
    let folder = try ScratchFolder()
    let recipe = try recipe(changes)
    var events = 0
    try Trainer(recipe, in: registries, options: Self.options(folder["whole"])).run { _ in events += 1 }
    let files = try Self.files(folder, "whole")
    for (number, fatal) in stride(from: 3, through: events, by: 3).enumerated() {
      let run = "killed-\(fatal)"
      var seen = 0
      #expect(throws: Kill.self) {
        let options = Self.options(folder[run], everySteps: number % 4 + 1)
        try Trainer(recipe, in: registries, options: options).run { _ in
          seen += 1
          if seen == fatal { throw Kill() }
        }
      }
      try Trainer(resuming: folder[run], in: registries).run()
      #expect(try Self.files(folder, run) == files, "killed at event \(fatal)")
    }
  }

  @Test func threadsDoNotMatter() throws {
    let folder = try ScratchFolder()
    let recipe = try recipe(
      "data=fonts", #"transforms=[{"name":"scale","divisor":255}]"#, "batchSize=400", "epochs=1", "optimizer=adam",
      """
      model.layers=[{"name":"conv2d","filters":3,"window":3,"padding":"same","activation":"relu"},"batch-norm",\
      {"name":"max-pool2d","window":4},{"name":"dense","units":40,"activation":"tanh"},{"name":"dropout","rate":0.2},\
      {"name":"dense","units":5}]
      """)
    defer { setThreads(nil) }
    for threads in 1...3 {
      setThreads(threads)
      try Trainer(recipe, in: registries, options: Self.options(folder["\(threads)"])).run()
    }
    let files = try Self.files(folder, "1")
    #expect(try Self.files(folder, "2") == files && Self.files(folder, "3") == files)
    // They would differ if anything did.
    var other = recipe
    try other.set("seed=6")
    try Trainer(other, in: registries, options: Self.options(folder["other"])).run()
    let otherFiles = try Self.files(folder, "other")
    for name in ["checkpoint.safetensors", "weights.safetensors", "metrics.csv"] {
      #expect(otherFiles[name] != files[name])
    }
  }
}
