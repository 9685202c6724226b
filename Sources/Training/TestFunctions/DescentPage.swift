import AviaryRegistry

/// The paths of optimizers over the level curves of a test function, as a self-contained page or picture.
public struct DescentPage {
  public var function: any TestFunction
  public var title: String
  /// The paths, with the names of their optimizers.
  public var descents: [(name: String, descent: Descent)]
  /// The distance from the minimum value that counts as converged.
  public var tolerance: Double

  public init(
    of function: any TestFunction, title: String, _ descents: [(name: String, descent: Descent)], tolerance: Double
  ) {
    self.function = function
    self.title = title
    self.descents = descents
    self.tolerance = tolerance
  }

  private static let colors = [
    "#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#e377c2", "#bcbd22", "#444444",
  ]
  private static let (width, height) = (760.0, 570.0)

  private func color(_ index: Int) -> String { Self.colors[index % Self.colors.count] }

  /// A row per optimizer: its name, the steps to convergence, the last value and point.
  public func rows() throws -> [[String]] {
    let least = try function.leastValue
    return descents.map { name, descent in
      let (value, point) = (descent.values[descent.values.count - 1], descent.points[descent.points.count - 1])
      let steps = descent.steps(to: least, within: tolerance).map { "\($0)" }
      return [
        name, steps ?? (descent.hasDiverged ? "diverges" : "–"), HTML.number(value),
        "(\(HTML.number(point[0])), \(HTML.number(point[1])))",
      ]
    }
  }

  /// The column headings.
  public var heading: [String] {
    ["optimizer", "steps to within \(HTML.number(tolerance))", "last value", "last point"]
  }

  /// The curvatures at the first minimum and their meaning for gradient descent.
  public func conditioning() throws -> String {
    guard let minimum = function.minima.first else { return "" }
    let curvatures = try function.curvatures(at: minimum)
    let place = minimum.map(HTML.number).joined(separator: ", ")
    return
      "At the minimum (\(place)) the Hessian's eigenvalues are \(curvatures.map(HTML.number).joined(separator: " and ")): "
      + "gradient descent is stable there below a learning rate of \(HTML.number(2 / curvatures[1]))."
  }

  public func html() throws -> String {
    let summary = (type(of: function) as? any Registrable.Type)?.card
    let formula = summary.map { "<p>\(HTML.escaped($0.summary)) \(HTML.escaped($0.formula ?? ""))</p>" } ?? ""
    let table = HTML.table(heading, try rows())
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>\(HTML.escaped(title))</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>\(HTML.style)</style></head><body>
      <h1>\(HTML.escaped(title))</h1>
      \(formula)
      \(try svg())
      \(table)
      \(HTML.note(try conditioning()))
      </body></html>

      """
  }

  /// The picture: level curves, crosses at minima, and the paths.
  public func svg() throws -> String {
    let (domain, width, height) = (function.domain, Self.width, Self.height)
    func place(_ x: Double, _ y: Double) -> String {
      let right = (x - domain.x.lowerBound) / (domain.x.upperBound - domain.x.lowerBound) * width
      let down = height - (y - domain.y.lowerBound) / (domain.y.upperBound - domain.y.lowerBound) * height
      // Distant points keep coordinates that a viewer can read.
      return "\(LevelLines.short(min(max(right, -9999), 9999))) \(LevelLines.short(min(max(down, -9999), 9999)))"
    }
    var parts = ["<rect width=\"\(Int(width))\" height=\"\(Int(height))\" fill=\"#fff\"/>"]
    parts += try levelPaths()
    for minimum in function.minima {
      let point = place(minimum[0], minimum[1])
      parts.append("<path d=\"M\(point)m-6 0h12m-6 -6v12\" stroke=\"#000\" stroke-width=\"1.5\"/>")
    }
    for (index, (name, descent)) in descents.enumerated() {
      let points = Self.thinned(descent.points).map { place($0[0], $0[1]) }
      parts.append(
        "<path d=\"M\(points.joined(separator: "L"))\" fill=\"none\" stroke=\"\(color(index))\" stroke-width=\"2\" "
          + "stroke-linejoin=\"round\"><title>\(HTML.escaped(name))</title></path>")
      for point in points.prefix(60) where points.count > 1 {
        parts.append("<path d=\"M\(point)h0\" stroke=\"\(color(index))\" stroke-width=\"5\" stroke-linecap=\"round\"/>")
      }
      let y = Int(20 + 18 * Double(index))
      parts.append("<rect x=\"10\" y=\"\(y - 10)\" width=\"12\" height=\"12\" fill=\"\(color(index))\"/>")
      parts.append(
        "<text x=\"28\" y=\"\(y)\" font-size=\"13\" font-family=\"sans-serif\" style=\"fill:#222\">\(HTML.escaped(name))</text>"
      )
    }
    let frame =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" width=\"\(Int(width))\" role=\"img\">"
    return "\(frame)\n<title>\(HTML.escaped(title))</title>\n\(parts.joined(separator: "\n"))\n</svg>"
  }

  private func levelPaths() throws -> [String] {
    let (columns, rows) = (121, 91)
    let lines = try LevelLines(
      of: { try function.value(at: [$0, $1]) }, x: function.domain.x, y: function.domain.y, columns: columns, rows: rows
    )
    return lines.paths(width: Self.width, height: Self.height, levels: 16)
  }

  /// At most about 2000 points, always including the last one.
  private static func thinned(_ points: [[Double]]) -> [[Double]] {
    let step = max(1, points.count / 2000)
    return points.enumerated().filter { $0.offset % step == 0 || $0.offset == points.count - 1 }.map(\.element)
  }
}
