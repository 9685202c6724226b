import Aviary

/// Writes forecasts of time series, with naive forecasts beside them: a line per step.
struct ForecastWriter {
  /// Whether to write JSON Lines rather than CSV.
  let isJSON: Bool
  /// Whether to name each step's file.
  let showsFiles: Bool

  /// The lines of a file's forecast; the first CSV file begins with the column names.
  func text(_ forecast: Forecast, of file: String, isFirst: Bool) -> String {
    var lines: [String] = []
    let names = (showsFiles ? ["file"] : []) + ["row"] + forecast.names
    if isFirst, !isJSON { lines.append(names.map(Self.field).joined(separator: ",")) }
    let width = forecast.names.count
    let numbers = forecast.values.scalars(as: Double.self)
    for step in 0..<forecast.values.shape[0] {
      let values = (0..<width).map { "\(numbers[step * width + $0])" }
      let fields = (showsFiles ? [file] : []) + ["\(forecast.firstStep + step)"] + values
      guard isJSON else {
        lines.append(fields.map(Self.field).joined(separator: ","))
        continue
      }
      let members = zip(names, fields).map { name, value in
        "\(quoted(name)):\(name == "file" && showsFiles ? quoted(value) : value)"
      }
      lines.append("{\(members.joined(separator: ","))}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func quoted(_ text: String) -> String { ConfigurationValue.string(text).json() }

  /// A CSV field, quoted if needed (RFC 4180).
  private static func field(_ text: String) -> String {
    text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
