/// A line chart over epochs or steps, as SVG.
struct Chart {
  struct Line {
    var name: String
    var points: [(x: Double, y: Double)]
    /// The line's color; that of its name if nil.
    var color: String?
  }

  let title: String
  let lines: [Line]
  /// The name of a unit of x.
  var unit = "epoch"

  private static let colors = [
    "train": "#3b76c4", "validation": "#d08a1d", "test": "#b8433f", "data": "#3b76c4", "forecast": "#b8433f",
    "last value": "#9a9a9a", "seasonal": "#d0a85d",
  ]
  private static let size = (width: 358.0, height: 260.0)
  private static let margin = (left: 62.0, right: 12.0, top: 50.0, bottom: 34.0)

  /// The greatest width of a digit in labels.
  private static let digitWidth = 7.0

  /// The chart; empty without points.
  func svg() -> String {
    let points = lines.flatMap(\.points)
    guard let firstX = points.map(\.x).min(), let lastX = points.map(\.x).max() else { return "" }
    let ticks = Chart.ticks(points.map(\.y).min() ?? 0, points.map(\.y).max() ?? 1)
    let (low, high) = (ticks[0], ticks[ticks.count - 1])
    let labels = ticks.map { Chart.label($0, step: ticks[1] - ticks[0]) }
    let size = Chart.size
    var margin = Chart.margin
    margin.left = max(margin.left, 12 + Chart.digitWidth * Double(labels.map(\.count).max() ?? 0))
    func x(_ value: Double) -> Double {
      let share = lastX > firstX ? (value - firstX) / (lastX - firstX) : 0
      return margin.left + (size.width - margin.left - margin.right) * share
    }
    func y(_ value: Double) -> Double {
      size.height - margin.bottom - (size.height - margin.top - margin.bottom) * (value - low) / (high - low)
    }
    var parts = [Chart.text(title, x: margin.left, y: 18, ["font-size": "14", "font-weight": "600"])]
    for (tick, label) in zip(ticks, labels) {
      let level = Chart.short(y(tick))
      parts.append("<path d=\"M\(margin.left) \(level)H\(size.width - margin.right)\" stroke=\"#8884\" />")
      parts.append(
        Chart.text(
          label, x: margin.left - 6, y: y(tick), ["dy": "4", "font-size": "11", "text-anchor": "end"]))
    }
    for (value, anchor) in [(firstX, "start"), (lastX, "end")] {
      parts.append(
        Chart.text(
          "\(unit) \(Int(value))", x: x(value), y: size.height - 14, ["font-size": "11", "text-anchor": anchor]))
    }
    for (index, line) in lines.enumerated() where !line.points.isEmpty {
      let color = line.color ?? Chart.colors[line.name] ?? "#777"
      let places = Chart.thinned(line.points).map { "\(Chart.short(x($0.x))) \(Chart.short(y($0.y)))" }
      parts.append(
        "<path d=\"M\(places.joined(separator: "L"))\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.8\" />")
      parts.append(
        Chart.text(
          line.name, x: margin.left + Double(index) * 78, y: 36, ["font-size": "12", "style": "fill:\(color)"]))
    }
    let (width, height) = (Int(size.width), Int(size.height))
    let frame = "<svg viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" role=\"img\">"
    return "\(frame)\n\(parts.joined(separator: "\n"))\n</svg>"
  }

  private static func text(
    _ text: String, x: Double, y: Double, _ attributes: KeyValuePairs<String, String>
  ) -> String {
    let style = attributes.map { " \($0.key)=\"\($0.value)\"" }.joined()
    return "<text x=\"\(short(x))\" y=\"\(short(y))\"\(style)>\(HTML.escaped(text))</text>"
  }

  /// At most about 500 points, always including the last one.
  private static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    let step = max(1, points.count / 500)
    return points.enumerated().filter { $0.offset % step == 0 || $0.offset == points.count - 1 }.map(\.element)
  }

  /// Round numbers that span a range, in steps of 1, 2 or 5 times a power of ten.
  static func ticks(_ low: Double, _ high: Double) -> [Double] {
    // Indistinguishable numbers get some room; an infinite range has no ticks.
    let span = min(max(high - low, max(abs(high), 1e-12) * 1e-6), .greatestFiniteMagnitude)
    var step = 1.0
    while step > span / 4 { step /= 10 }
    while step * 10 <= span / 4 { step *= 10 }
    if step * 5 <= span / 4 { step *= 5 } else if step * 2 <= span / 4 { step *= 2 }
    let first = (low / step).rounded(.down)
    let last = max((high / step).rounded(.up), first + 1)
    return (0...Int(min(last - first, 100))).map { (first + Double($0)) * step }
  }

  /// A tick with the digits that tell it from its neighbors: `0.25`, `1200`, `2.5e7`.
  static func label(_ tick: Double, step: Double) -> String {
    guard tick != 0, step > 0 else { return "0" }
    func exponent(_ value: Double) -> Int {
      var (exponent, rest) = (0, value.magnitude)
      while rest >= 9.999999999 { (exponent, rest) = (exponent + 1, rest / 10) }
      while rest < 0.999999999 { (exponent, rest) = (exponent - 1, rest * 10) }
      return exponent
    }
    let (size, least) = (exponent(tick), exponent(step))
    if -4..<6 ~= size { return tick.fixed(max(0, -least)) }
    var power = 1.0
    for _ in 0..<size.magnitude { power *= 10 }
    return (size < 0 ? tick * power : tick / power).fixed(max(0, min(size - least, 9))) + "e\(size)"
  }

  private static func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
