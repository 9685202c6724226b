extension LossSurface {
  private static let (width, height) = (760.0, 570.0)

  /// A self-contained page: the picture with an explanation and a table.
  public func html() -> String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>\(HTML.escaped(heading))</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>\(HTML.style)</style></head><body>
    <h1>\(HTML.escaped(heading))</h1>
    \(svg())
    \(HTML.table(["", "loss"], rows))
    \(HTML.note(explanation))
    </body></html>

    """
  }

  private var heading: String { "Loss surface of \(title)" }

  private var rows: [[String]] {
    let finite = values.filter(\.isFinite)
    return [
      ["at the trained parameters", HTML.number(center)], ["minimum on the grid", HTML.number(finite.min() ?? .nan)],
      ["maximum on the grid", HTML.number(finite.max() ?? .nan)],
    ]
  }

  /// An explanation of the axes.
  public var explanation: String {
    let spread = "\(points) × \(points) points; level curves are denser where the loss is low."
    guard let shares else {
      return "The axes are two random directions, scaled to the norms of the network's filters. The cross marks the "
        + "trained parameters. \(spread)"
    }
    let (first, second) = ((shares.0 * 100).rounded(), (shares.1 * 100).rounded())
    let other =
      isRepeated
      ? "" : " The repeated training ended at other parameters: another version or processor made the run."
    return "The axes are the two directions in which the parameters moved most, with \(Int(first)) % and "
      + "\(Int(second)) % of the path's variance. Dots mark epochs, and the cross marks the trained parameters. "
      + "\(spread)\(other)"
  }

  /// The picture: level curves, the path, and a cross at the trained parameters.
  public func svg() -> String {
    let (width, height) = (Self.width, Self.height)
    func place(_ a: Double, _ b: Double) -> String {
      let right = (a - x.lowerBound) / (x.upperBound - x.lowerBound) * width
      let down = height - (b - y.lowerBound) / (y.upperBound - y.lowerBound) * height
      return "\(LevelLines.short(right)) \(LevelLines.short(down))"
    }
    let lines = LevelLines(values: values, columns: points, rows: points)
    var parts = ["<rect width=\"\(Int(width))\" height=\"\(Int(height))\" fill=\"#fff\"/>"]
    parts += lines.paths(width: width, height: height, levels: 24)
    if !path.isEmpty {
      let places = path.map { place($0.a, $0.b) }
      parts.append(
        "<path d=\"M\(places.joined(separator: "L"))\" fill=\"none\" stroke=\"#d62728\" stroke-width=\"2\" "
          + "stroke-linejoin=\"round\"><title>training</title></path>")
      for (epoch, point) in places.enumerated() {
        parts.append(
          "<path d=\"M\(point)h0\" stroke=\"#d62728\" stroke-width=\"6\" stroke-linecap=\"round\"><title>\(epoch == 0 ? "start" : "\(epoch)")</title></path>"
        )
      }
    }
    parts.append("<path d=\"M\(place(0, 0))m-7 0h14m-7 -7v14\" stroke=\"#000\" stroke-width=\"2\"/>")
    let frame =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" width=\"\(Int(width))\" role=\"img\">"
    return "\(frame)\n<title>\(HTML.escaped(heading))</title>\n\(parts.joined(separator: "\n"))\n</svg>"
  }
}
