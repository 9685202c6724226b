import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// Searches over values of a recipe, and cross-validation.
@Suite struct SearchTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func search(
    _ variations: String..., method: SearchMethod = .random, trials: Int = 6, monitor: String? = nil, folds: Int? = nil,
    seed: UInt64 = 1, output: String = "search", changes: String...
  ) throws -> Search {
    try Search(
      of: recipe(["epochs=2"] + changes), varying: variations.map(Variation.init), method: method, trials: trials,
      monitor: monitor, folds: folds, seed: seed, output: folder[output], in: registries)
  }

  private let rate = "optimizer.learningRate=log:1e-4..1e-1"

  @Test func variationsAreRead() throws {
    let log = try Variation(parsing: "a.b=log:1e-4..1e-2:3")
    #expect(log.path == "a.b" && log.grid == [0.0001, 0.001, 0.01] && log.value(at: 0.5) == 0.001)
    let linear = try Variation(parsing: "x=linear:-1..3")
    #expect(linear.grid == [-1.0, 0.0, 1.0, 2.0, 3.0] && linear.place(of: 2.0) == 0.75)
    let whole = try Variation(parsing: "n=integer:1..4")
    #expect(whole.grid == [1, 2, 3, 4] && (0..<8).map { whole.value(at: Double($0) / 8) } == [1, 1, 2, 2, 3, 3, 4, 4])
    let choice = try Variation(parsing: #"c=choice:[32],[64,32],tanh,null,"a,b""#)
    #expect(choice.grid == [[32], [64, 32], "tanh", nil, "a,b"])
    for variation in [log, linear, whole, choice] {
      for value in variation.grid { #expect(variation.value(at: variation.place(of: value)) == value) }
    }
  }

  @Test(arguments: [
    ("optimizer", "a path and '='"), ("a=1", "log:, linear:, integer: or choice:"), ("a=log:0..1", "above 0"),
    ("a=linear:2..1", "LOW below HIGH"), ("a=linear:1", "LOW..HIGH"), ("a=integer:1..2.5", "whole numbers"),
    ("a=log:1..2:1", "at least 2"), ("a=choice:", "JSON values"), ("a=cubic:1..2", "cubic"),
    ("a=linear:nan..1", "LOW..HIGH"),
  ])
  func mistakesInVariations(_ text: String, _ words: String) {
    let found = message { _ = try Variation(parsing: text) }
    #expect(found?.contains(words) == true && found?.contains(text) == true, "\(found ?? "")")
  }

  @Test func theBestTrialIsARecipe() throws {
    var search = try search(rate, "model.layers.0.units=choice:2,8")
    var seen: [Int] = []
    #expect(try search.run(observer: { index, _ in seen.append(index) }))
    #expect(seen == Array(0..<6) && search.results.count == 6)
    let best = try #require(search.best)
    let scores = search.results.compactMap(\.score)
    #expect(best.score == scores.min())
    // The best recipe has the score when it is trained by itself.
    let again = try Trainer(Recipe(contentsOf: folder["search/best.json"]), in: registries).run()
    #expect(again.scores["validation"]?.values["loss"] == best.score)
    let table = try CSVTable(folder.bytes("search/trials.csv"))
    #expect(table.rowCount == 6)
    #expect(String(decoding: try folder.bytes("search/report.html"), as: UTF8.self).contains("Score by value"))
  }

  @Test(arguments: SearchMethod.allCases) func takenUpItGoesTheSameWay(_ method: SearchMethod) throws {
    let trials = method == .tpe ? 13 : 9
    let changes = ["epochs=9"]
    func begin(_ output: String) throws -> Search {
      try search(rate, method: method, trials: trials, output: output, changes: changes[0])
    }
    var whole = try begin("whole")
    try whole.run()
    var part = try begin("part")
    var batches = 0
    // Stopped within a trial.
    let isDone = try part.run(shouldStop: {
      batches += 1
      return batches == 40
    })
    #expect(!isDone && part.results.count < whole.results.count + 1)
    var rest = try Search(resuming: folder["part"], in: registries)
    try rest.run()
    #expect(rest.results == whole.results && rest.trials == (method == .grid ? 5 : trials))
    #expect(try folder.bytes("part/trials.csv") == folder.bytes("whole/trials.csv"))
    if method == .halving {
      #expect(whole.results.map(\.rounds.count).sorted() == [1, 1, 1, 1, 1, 1, 2, 2, 3])
      #expect(whole.best?.epochs == 9)
    }
  }

  @Test func tpeComesNearer() throws {
    // The mean of the last trials' distances from the best rate is smaller than that of random ones.
    func far(_ method: SearchMethod) throws -> Double {
      var search = try search(
        "optimizer.learningRate=log:1e-6..1", method: method, trials: 30, output: method.rawValue,
        changes: "optimizer.name=adam")
      try search.run()
      let best = try #require(search.best)
      return search.results.suffix(12).reduce(0) { sum, result in
        sum + abs(search.variations[0].place(of: result.values[0]) - search.variations[0].place(of: best.values[0]))
      }
    }
    #expect(try far(.tpe) < 0.7 * far(.random))
  }

  @Test func failedTrialsAreRowsWithTheirReason() throws {
    var search = try search("optimizer.learningRate=choice:0.1,1e300", method: .grid)
    try search.run()
    #expect(search.results[0].score != nil && search.results[1].failure?.contains("stage 'train'") == true)
    #expect(search.best == search.results[0])
    #expect(String(decoding: try folder.bytes("search/trials.csv"), as: UTF8.self).contains("stage 'train'"))
  }

  @Test func foldsAreAveraged() throws {
    var search = try search(rate, trials: 2, folds: 3)
    try search.run()
    let changed = try search.recipe(for: search.results[1])
    let found = try CrossValidation(of: changed, folds: 3, in: registries)
    #expect(search.monitor == "test.loss" && search.results[1].score == found.scores["loss"]?.mean)
    #expect(found.scores["accuracy"]?.values.count == 3)
  }

  @Test func mistakesAreTold() throws {
    #expect(message { _ = try search() }?.contains("nothing to vary") == true)
    #expect(message { _ = try search(rate, rate) }?.contains("varied twice") == true)
    #expect(
      message { _ = try search(rate, monitor: "validation.los") }?.contains("did you mean 'validation.loss'") == true)
    #expect(
      message { _ = try search("optimizer.learningRat=log:1..2") }?.contains("did you mean 'learningRate'") == true)
    #expect(message { _ = try Search(resuming: folder["none"], in: registries) }?.contains("not a search") == true)
    var without = try search(rate, changes: "split.validation=0")
    #expect(message { try without.run() }?.contains("no validation rows") == true)
    var first = try search(rate, trials: 1, output: "twice")
    try first.run()
    var second = try search(rate, trials: 1, output: "twice")
    #expect(message { try second.run() }?.contains("already holds a search") == true)
    #expect(message { _ = try Search(resuming: folder["twice"], trials: 0, in: registries) } != nil)
    var longer = try Search(resuming: folder["twice"], trials: 3, in: registries)
    try longer.run()
    #expect(longer.results.count == 3 && longer.results[0] == first.results[0])
    for (from, to) in [
      ("random", "radnom"), ("\"trials\": 3", "\"trials\": 0"), ("\"epochs\": 2,", "\"epochs\": \"\","),
    ] {
      let text = String(decoding: try folder.bytes("twice/search.json"), as: UTF8.self)
      try folder.write(Array(text.replacing(from, with: to).utf8), to: "damaged/search.json")
      #expect(message { _ = try Search(resuming: folder["damaged"], in: registries) } != nil)
    }
  }
}

/// Mean and spread over folds.
@Suite struct CrossValidationTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func eachRowIsTestedOnce() throws {
    let recipe = try recipe("epochs=1")
    var trained = 0
    let found = try CrossValidation(of: recipe, folds: 4, order: .stratified, output: folder["cv"], in: registries) {
      _, _ in trained += 1
    }
    #expect(trained == 4 && found.folds == 4 && !found.isInterrupted)
    let accuracy = try #require(found.scores["accuracy"])
    let mean = accuracy.values.reduce(0, +) / 4
    #expect(accuracy.mean == mean)
    let squares = accuracy.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(abs(accuracy.deviation - (squares / 3).squareRoot()) < 1e-15)
    // Done folds are read, a run of another recipe is refused.
    let again = try CrossValidation(of: recipe, folds: 4, order: .stratified, output: folder["cv"], in: registries)
    #expect(again.scores == found.scores)
    var other = recipe
    try other.set("optimizer=rmsprop")
    let refused = message {
      _ = try CrossValidation(of: other, folds: 4, order: .stratified, output: folder["cv"], in: registries)
    }
    #expect(refused?.contains("another") == true && refused?.contains("optimizer") == true, "\(refused ?? "")")
  }

  @Test func leaveOneOutHasAFoldPerRow() throws {
    let found = try CrossValidation(
      of: recipe("epochs=1", "data.count=6", "split.test=0.4"), folds: nil, in: registries)
    #expect(found.folds == 12 && found.scores["loss"]?.values.count == 12)
  }
}
