/// Level curves of values on a grid, by marching squares.
struct LevelLines {
  /// Values, row by row from the bottom.
  let values: [Double]
  let columns: Int
  let rows: Int

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
}
