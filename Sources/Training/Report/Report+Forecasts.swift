import AviaryCore
import AviaryData

extension Report {
  /// The errors of forecasts and naive forecasts, and a chart of the test part for each column.
  func forecasts() throws -> String? {
    guard let stage = recipe.stages.last, let shown = data.parts.last(where: { $0.set.forecast?.future != nil }),
      let windows = shown.set.forecast, let values = try stage.forecasts(model, of: shown.set)
    else { return nil }
    let names = ["forecast"] + windows.baselines.map(\.name)
    let rows = data.parts.compactMap { part -> [String]? in
      guard let score = scores[part.name] else { return nil }
      return [part.name]
        + names.flatMap { name in
          let suffix = name == "forecast" ? "" : "-\(name)"
          return ["mae", "rmse"].map { score.values["\($0)\(suffix)"].map { $0.fixed(4) } ?? "" }
        }
    }
    let head = ["part"] + names.flatMap { name in ["MAE", "RMSE"].map { "\(name.replacing("-", with: " ")): \($0)" } }
    let charts = (0..<windows.columns).map { column in
      let name = shown.set.featureNames.map { $0[column] } ?? "column \(column)"
      return chart("\(shown.name): \(name)", column, windows, values).svg()
    }
    let note = HTML.note(
      "In the units of the data. The chart shows forecasts of \(windows.horizon) steps, one after another. The naive forecasts "
        + "are the last known value"
        + (windows.period.map { ", and the value \($0) steps before" } ?? "") + ".")
    return HTML.section("Forecasts", HTML.table(head, rows) + charts.joined(separator: "\n") + note)
  }

  /// At most this many steps are drawn.
  private static let stepsDrawn = 400

  /// The last windows whose forecasts do not overlap.
  private func chart(_ title: String, _ column: Int, _ windows: ForecastWindows, _ forecasts: Tensor) -> Chart {
    let (horizon, starts) = (windows.horizon, windows.starts)
    var chosen: [Int] = []
    for row in starts.indices.reversed() where chosen.count * horizon < Report.stepsDrawn {
      if chosen.last.map({ starts[row] + horizon <= starts[$0] }) ?? true { chosen.append(row) }
    }
    chosen.reverse()
    func line(_ name: String, _ values: Tensor?) -> Chart.Line {
      let points = chosen.flatMap { row -> [(x: Double, y: Double)] in
        guard let values else { return [] }
        let numbers = values[row].slice(axis: 1, column..<(column + 1)).scalars(as: Double.self)
        return numbers.enumerated().map { (Double(starts[row] + windows.steps + $0.offset), $0.element) }
      }
      return Chart.Line(name: name, points: points)
    }
    let naive = windows.baselines.map { line($0.name.replacing("-", with: " "), $0.values) }
    return Chart(
      title: title, lines: naive + [line("data", windows.future), line("forecast", forecasts)], unit: "step")
  }
}
