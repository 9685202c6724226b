import AviaryRegistry

extension Search {
  /// A self-contained page: the best trial, parallel coordinates, the score over each value, and a table.
  public func html() -> String {
    let heading = "Search: \(recipe.name)"
    let done = results.filter { $0.score != nil || $0.failure != nil }
    let failed = done.count { $0.failure != nil }
    let state =
      "\(done.count) of \(trials) trials by \(method.rawValue)"
      + (failed > 0 ? ", \(failed) of them failed" : "") + (folds.map { "; mean of \($0) folds" } ?? "")
      + "; seed \(seed)."
    let scored = results.enumerated().filter { $1.score != nil }.sorted { isBetter($0.element, $1.element) }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>\(HTML.escaped(heading))</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>\(HTML.style)</style></head><body>
      <h1>\(HTML.escaped(heading))</h1>
      \(HTML.note(state))
      \(scored.count > 1 ? HTML.section("All values together", HTML.scrolling(coordinates(scored.map(\.element)))) : "")
      \(scored.count > 1 ? HTML.section("Score by value", scatters(scored.map(\.element))) : "")
      \(HTML.section("Trials", HTML.scrolling(HTML.table(heads, rows(scored)))))
      </body></html>

      """
  }

  private var heads: [String] { ["trial", monitor, "epochs"] + variations.map(\.path) + ["failure"] }

  /// The best trials, and failures.
  private func rows(_ scored: [(offset: Int, element: Result)]) -> [[String]] {
    let failures = results.enumerated().filter { $1.failure != nil }.map { ($0, $1) }
    return (scored.prefix(200).map { ($0.offset, $0.element) } + failures.prefix(50)).map { index, result in
      ["\(index + 1)", result.score.map(HTML.number) ?? "", "\(result.epochs)"]
        + result.values.map { $0.numberValue.map(HTML.number) ?? $0.plain } + [
          result.failure.map { String($0.prefix(120)) } ?? ""
        ]
    }
  }

  private static let (best, others) = ("#d62728", "#3b76c4")

  /// The place of a score from 0, the worst, to 1, by rank: outliers would hide the others.
  private func ranks(_ scored: [Result]) -> [Double] {
    scored.indices.map { 1 - Double($0) / Double(max(scored.count - 1, 1)) }
  }

  /// An axis for each varied value and one for the score's rank; a line for each trial, the best in red.
  private func coordinates(_ scored: [Result]) -> String {
    let (height, top, gap) = (220.0, 40.0, 150.0)
    let axes = variations.map(\.path) + [monitor]
    let width = gap * Double(axes.count - 1) + 160
    func x(_ axis: Int) -> Double { 80 + gap * Double(axis) }
    func y(_ place: Double) -> Double { top + height * (1 - place) }
    var parts: [String] = []
    for (axis, name) in axes.enumerated() {
      parts.append("<path d=\"M\(short(x(axis))) \(short(top))V\(short(top + height))\" stroke=\"#8888\" />")
      parts.append(label(name, x(axis), 16))
      let ends = axis < variations.count ? variations[axis].ends : ("worst", "best")
      parts.append(label(ends.1, x(axis), top - 8) + label(ends.0, x(axis), top + height + 16))
    }
    let ranks = ranks(scored)
    for (place, result) in scored.enumerated().reversed() {
      let heights = zip(variations, result.values).map { $0.place(of: $1) } + [ranks[place]]
      let points = heights.enumerated().map { "\(short(x($0))) \(short(y(min(max($1, 0), 1))))" }
      let (color, stroke) = place == 0 ? (Self.best, 2.5) : (Self.others, 0.6 + ranks[place])
      parts.append(
        "<path d=\"M\(points.joined(separator: "L"))\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(short(stroke))\" "
          + "opacity=\"\(place == 0 ? "1" : short(0.15 + 0.6 * ranks[place]))\"><title>\(title(result))</title></path>")
    }
    return frame(width, top + height + 30, parts)
  }

  /// For each varied value, a dot for each trial at its score.
  private func scatters(_ scored: [Result]) -> String {
    let finite = scored.compactMap(\.score)
    // The worst tenth would leave no room for the others.
    let kept = finite.prefix(max(2, finite.count * 9 / 10))
    let (low, high) = (kept.min() ?? 0, kept.max() ?? 1)
    let (width, height, left, top) = (340.0, 220.0, 62.0, 34.0)
    return variations.enumerated().map { axis, variation in
      func y(_ score: Double) -> Double {
        top + height * (high > low ? min(max((high - score) / (high - low), 0), 1) : 0.5)
      }
      var parts = [label(variation.path, left + width / 2 - 20, 16)]
      parts.append(
        "<path d=\"M\(short(left)) \(short(top))V\(short(top + height))H\(short(left + width - 40))\" fill=\"none\" stroke=\"#8888\" />"
      )
      for score in [low, high] {
        parts.append(label(HTML.number(score), left - 6, y(score) + 4, anchor: "end"))
      }
      parts.append(label(variation.ends.0, left, top + height + 18, anchor: "start"))
      parts.append(label(variation.ends.1, left + width - 40, top + height + 18, anchor: "end"))
      for (place, result) in scored.enumerated().reversed() {
        let x = left + (width - 40) * min(max(variation.place(of: result.values[axis]), 0), 1)
        parts.append(
          "<circle cx=\"\(short(x))\" cy=\"\(short(y(result.score ?? 0)))\" r=\"\(place == 0 ? 5 : 3.5)\" fill=\"\(place == 0 ? Self.best : Self.others)\" opacity=\"0.8\"><title>\(title(result))</title></circle>"
        )
      }
      return "<figure>\(frame(width + 60, top + height + 30, parts))</figure>"
    }.joined(separator: "\n")
  }

  private func title(_ result: Result) -> String {
    let values = zip(variations, result.values).map { "\($0.path)=\($1.plain)" }.joined(separator: "  ")
    return HTML.escaped("\(result.score.map(HTML.number) ?? "")  \(values)")
  }

  private func label(_ text: String, _ x: Double, _ y: Double, anchor: String = "middle") -> String {
    "<text x=\"\(short(x))\" y=\"\(short(y))\" font-size=\"11\" text-anchor=\"\(anchor)\">\(HTML.escaped(text))</text>"
  }

  private func frame(_ width: Double, _ height: Double, _ parts: [String]) -> String {
    "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" width=\"\(Int(width))\" role=\"img\">\n"
      + parts.joined(separator: "\n") + "\n</svg>"
  }

  private func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}

extension Variation {
  /// The ends of an axis.
  fileprivate var ends: (String, String) {
    switch values {
    case .choice(let list): (list.first?.plain ?? "", list.last?.plain ?? "")
    case .linear(let range), .log(let range): (HTML.number(range.lowerBound), HTML.number(range.upperBound))
    case .integer(let range): ("\(range.lowerBound)", "\(range.upperBound)")
    }
  }
}
