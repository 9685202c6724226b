import AviaryCore

extension CSVColumns {
  /// How many rows show that a column counts them where it does not begin with 0 or 1.
  private static let rowsThatTell = 10

  /// Notes of features that number the rows, which is seldom what is to be learned from: whole numbers that grow by the same
  /// from row to row, or each number of a range once. `inputs` are the features' numbers, float64 [n, features].
  func counterNotes(_ inputs: Tensor) -> [String] {
    guard features.count > 1, inputs.shape[0] > 2 else { return [] }
    let counters = inputs.withScalars(as: Double.self) { numbers in
      features.indices.filter { Self.isCounter(numbers, $0, of: features.count, isFirst: features[$0] == 0) }
    }
    return counters.prefix(5).map { place in
      let name = featureNames?[place] ?? "\(features[place])"
      let isFirst = featureNames == nil && features[place] == 0
      let column =
        isFirst
        ? "the first column" : featureNames == nil ? "the column \(features[place] + 1)" : "the column '\(name)'"
      return
        "\(column) counts the rows and is taken for a feature all the same; leave it out by --set 'data.ignore=[\"\(name)\"]'"
    }
  }

  private static func isCounter(
    _ numbers: UnsafeBufferPointer<Double>, _ column: Int, of width: Int, isFirst: Bool
  ) -> Bool {
    let rows = numbers.count / width
    func number(_ row: Int) -> Double { numbers[row * width + column] }
    let (first, step) = (number(0), number(1) - number(0))
    guard first == first.rounded(), step == step.rounded(), step != 0 else { return false }
    if (1..<rows).allSatisfy({ number($0) - number($0 - 1) == step }) {
      return rows >= rowsThatTell || isFirst && step == 1 && (first == 0 || first == 1)
    }
    guard rows >= 2 * rowsThatTell else { return false }
    // Each number of a range once, in whatever order.
    var least = first
    for row in 0..<rows { least = min(least, number(row)) }
    var isSeen = [Bool](repeating: false, count: rows)
    for row in 0..<rows {
      let place = number(row) - least
      guard place < Double(rows), place == place.rounded(), !isSeen[Int(place)] else { return false }
      isSeen[Int(place)] = true
    }
    return true
  }
}
