/// Level curves of values on a grid, by marching squares.
struct LevelLines {
  /// Values, row by row from the bottom.
  let values: [Double]
  let columns: Int
  let rows: Int

  init(values: [Double], columns: Int, rows: Int) {
    (self.values, self.columns, self.rows) = (values, columns, rows)
  }

  /// The function's values on a rectangular grid.
  init(
    of value: (Double, Double) throws -> Double, x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int
  ) rethrows {
    (self.columns, self.rows) = (columns, rows)
    values = try (0..<rows * columns).map { place in
      let (row, column) = place.quotientAndRemainder(dividingBy: columns)
      return try value(
        x.lowerBound + (x.upperBound - x.lowerBound) * Double(column) / Double(columns - 1),
        y.lowerBound + (y.upperBound - y.lowerBound) * Double(row) / Double(rows - 1))
    }
  }

  /// Levels that are denser where values are low: quantiles at growing distances.
  func levels(_ count: Int) -> [Double] {
    let sorted = values.filter(\.isFinite).sorted()
    guard let least = sorted.first, let greatest = sorted.last, greatest > least else { return [] }
    return (1...count).map { level in
      let share = Double(level) / Double(count + 1)
      return sorted[Int(share * share * Double(sorted.count - 1))]
    }
  }

  /// The segments of a level curve, in grid units.
  func pieces(at level: Double) -> [(from: (x: Double, y: Double), to: (x: Double, y: Double))] {
    var pieces: [(from: (x: Double, y: Double), to: (x: Double, y: Double))] = []
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 {
        let place = row * columns + column
        let corners = [values[place], values[place + 1], values[place + columns + 1], values[place + columns]]
        guard corners.allSatisfy(\.isFinite) else { continue }
        // The crossings with the sides: bottom, right, top, left.
        var crossings: [(x: Double, y: Double)] = []
        for side in 0..<4 {
          let (a, b) = (corners[side], corners[(side + 1) % 4])
          guard (a < level) != (b < level) else { continue }
          let share = (level - a) / (b - a)
          let (x, y) = (Double(column), Double(row))
          switch side {
          case 0: crossings.append((x + share, y))
          case 1: crossings.append((x + 1, y + share))
          case 2: crossings.append((x + 1 - share, y + 1))
          default: crossings.append((x, y + 1 - share))
          }
        }
        if crossings.count >= 2 { pieces.append((crossings[0], crossings[1])) }
        if crossings.count == 4 { pieces.append((crossings[2], crossings[3])) }
      }
    }
    return pieces
  }

  /// Level curves as paths of a picture.
  func paths(width: Double, height: Double, levels count: Int) -> [String] {
    levels(count).map { level in
      let pieces = pieces(at: level).map { from, to in
        func text(_ point: (x: Double, y: Double)) -> String {
          let x = point.x / Double(columns - 1) * width
          let y = height - point.y / Double(rows - 1) * height
          return "\(Self.short(x)) \(Self.short(y))"
        }
        return "M\(text(from))L\(text(to))"
      }
      return
        "<path d=\"\(pieces.joined())\" fill=\"none\" stroke=\"#aab\" stroke-width=\"0.8\"><title>\(HTML.number(level))</title></path>"
    }
  }

  /// A coordinate with one decimal.
  static func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
