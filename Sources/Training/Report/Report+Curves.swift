extension Report {
  /// For each stage and measure, a chart of all parts over the epochs.
  func curves() -> String? {
    var charts: [String] = []
    for stage in recipe.stages {
      let records = history.filter { $0.stage == stage.name }
      guard records.count > 1 else { continue }
      let columns = Set(records.flatMap(\.values.keys))
      for label in stage.measured {
        let lines = ["train", "validation", "test"].compactMap { part -> Chart.Line? in
          guard columns.contains("\(part).\(label)") else { return nil }
          let points = records.compactMap { record in
            record.values["\(part).\(label)"].map { (x: Double(record.epoch), y: $0) }
          }
          return Chart.Line(name: part, points: points.filter { $0.y.isFinite })
        }
        charts.append(Chart(title: title(label, stage), lines: lines).svg())
      }
      let rates = records.compactMap { record in
        record.values["learning-rate"].map { (x: Double(record.epoch), y: $0) }
      }
      // A constant rate is shown among the settings.
      if rates.contains(where: { $0.y != rates[0].y }) {
        let line = Chart.Line(name: "last step", points: rates.filter { $0.y.isFinite })
        charts.append(Chart(title: title("learning rate", stage), lines: [line]).svg())
      }
    }
    let note = HTML.note(
      "Training scores are running means over an epoch, taken before each update and with dropout on if there is any. "
        + "Other rows are evaluated at the end of the epoch. The table above evaluates the finished model.")
    return charts.isEmpty ? nil : HTML.section("Curves", charts.joined(separator: "\n") + note)
  }

  private func title(_ label: String, _ stage: Stage) -> String {
    recipe.stages.count > 1 ? "\(stage.name): \(label)" : label
  }
}
