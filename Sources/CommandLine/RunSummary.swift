import Aviary

/// The result of a training or an evaluation, for people and for programs.
struct RunSummary {
  let run: String
  let epochs: Int
  let scores: [String: Measurement]
  /// Warnings of the training; nil for an evaluation.
  var warnings: [String]?
  let seconds: Double

  /// One JSON object on one line, whose numbers read back exactly.
  var json: String {
    var object: ConfigurationObject = ["run": .string(run), "epochs": .integer(epochs)]
    for part in ["train", "validation", "test"] where part != "validation" || scores[part] != nil {
      object[part] = scores[part].map { RunSummary.object($0.values) } ?? .null
    }
    object["warnings"] = warnings.map { .array($0.map { .string($0) }) }
    object["seconds"] = .number(seconds)
    return ConfigurationValue.object(object).json()
  }

  private static func object(_ values: [String: Double]) -> ConfigurationValue {
    var object: ConfigurationObject = [:]
    for (name, value) in values.sorted(by: { ($0.key != "loss", $0.key) < ($1.key != "loss", $1.key) }) {
      object[name] = value.isFinite ? .number(value) : .null
    }
    return .object(object)
  }

  /// One line per part, then the duration of the training.
  var trainingText: String {
    let warned = (warnings ?? []).map { "warning: \($0)\n" }.joined()
    return "\(text)\n\(warned)\(epochs) \(epochs == 1 ? "epoch" : "epochs") in \(ProgressDisplay.duration(seconds)); "
      + "see \(run)/report.html"
  }

  /// One line per part.
  var text: String {
    var lines: [String] = []
    for part in ["train", "validation", "test"] {
      guard let measurement = scores[part] else { continue }
      let values = measurement.values.sorted { ($0.key != "loss", $0.key) < ($1.key != "loss", $1.key) }
      let numbers = values.map { "\($0.key) \(ProgressDisplay.fixed($0.value, 4))" }
      lines.append("\(part.padded(10)) " + numbers.joined(separator: "  "))
    }
    return lines.joined(separator: "\n")
  }
}

/// Orders pairs by their first element (false first), then by the second.
private func < (left: (Bool, String), right: (Bool, String)) -> Bool {
  left.0 == right.0 ? left.1 < right.1 : !left.0
}
