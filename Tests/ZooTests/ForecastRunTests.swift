import AviaryCore
import AviaryData
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Foundation
import Testing

/// Runs that forecast time series: from training to what follows the end of a file.
@Suite struct ForecastRunTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func run(_ changes: String...) throws -> (run: FinishedRun, result: TrainingResult) {
    var recipe = try ZooTests.recipe("seasonal-gru")
    for change in changes { try recipe.set(change) }
    var options = Trainer.Options()
    options.output = folder["run"]
    let result = try Trainer(recipe, in: .standard, options: options).run()
    return (try FinishedRun(folder["run"], in: .standard), result)
  }

  /// Scores are in the units of the data: those of its forecasts, by hand.
  @Test func itBeatsTheNaiveForecasts() throws {
    let (run, result) = try run(#"metrics=["absolute-error"]"#)
    let scores = try #require(result.scores["test"]?.values)
    let (mae, seasonal, last) = (
      scores["mae"] ?? .nan, scores["mae-seasonal"] ?? .nan, scores["mae-last-value"] ?? .nan
    )
    #expect(mae < 0.75 * seasonal && seasonal < 0.75 * last, "\(mae) \(seasonal) \(last)")
    let set = try SeasonalSeriesData(count: 480, steps: 36, horizon: 12, period: 12).load(
      DataEnvironment(random: RandomSource(seed: run.recipe.seed)["data"]))
    let test = set.subset(
      try TimeSplit(test: 0.2, validation: 0.1, knowsPast: true).partition(set, random: RandomSource(seed: 1)).test)
    let forecasts = try run.predict(test.inputs)
    #expect(forecasts.kind == .values && forecasts.values.shape == [test.count, 12])
    let distance = (forecasts.values - (try #require(test.targets))).abs()
    #expect(abs(distance.mean().item() - mae) < 1e-3 * mae)
    #expect(abs((scores["absolute-error"] ?? .nan) - 12 * mae) < 1e-3 * mae)
    let report = try String(contentsOf: URL(filePath: folder["run/report.html"]), encoding: .utf8)
    #expect(report.contains("<h2>Forecasts</h2>") && report.contains("seasonal: MAE"))
  }

  /// What follows the end of a file, and the scores of another one.
  @Test func otherFilesAreForecast() throws {
    let lines = (0..<80).map { "\(100 + 10 * ($0 % 12) + $0)" }
    let path = folder["sales.csv"]
    try Data((["sales"] + lines).joined(separator: "\n").utf8).write(to: URL(filePath: path))
    var recipe = try ZooTests.recipe("seasonal-gru", "epochs=2", "split.validation=0", "stopping=null")
    try recipe.set(
      #"data={"name": "series", "file": "\#(path)", "targets": ["sales"], "steps": 24, "horizon": 3, "period": 12}"#)
    var options = Trainer.Options()
    options.output = folder["sales"]
    _ = try Trainer(recipe, in: .standard, options: options).run()
    let run = try FinishedRun(folder["sales"], in: .standard)
    let forecast = try run.forecast()
    #expect(forecast.names == ["sales", "sales-last-value", "sales-seasonal"] && forecast.firstStep == 80)
    #expect(forecast.values.shape == [3, 3])
    let naive = forecast.values.slice(axis: 1, 1..<3).scalars(as: Int.self)
    // 100 + 10·(t mod 12) + t at t = 79; and at t = 68, 69, 70.
    #expect(naive == [249, 248, 249, 259, 249, 270])
    let short = folder["short.csv"]
    try Data((["sales"] + lines.prefix(30)).joined(separator: "\r\n").utf8).write(to: URL(filePath: short))
    #expect(try run.forecast(file: short).firstStep == 30)
    // The windows of another file, all of them, are measured beside naive forecasts.
    let scores = try run.scores(file: short)
    #expect(scores["test"]?.values["mae-seasonal"] == 12)
    try Data((["sales"] + lines.prefix(9)).joined(separator: "\n").utf8).write(to: URL(filePath: short))
    let error = #expect(throws: DataError.self) { try run.forecast(file: short) }
    #expect(error?.description.contains("has 9 steps, but the model takes the last 24") == true)
  }
}
