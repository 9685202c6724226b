import AviaryCore

extension CSVColumns {
  /// The number of rows needed to recognize a row counter that does not begin with 0 or 1.
  private static let rowsThatTell = 10

  /// Notes on features that number the rows, which are rarely useful: integers with a constant step, or a permutation
  /// of a range. `inputs` are the features, float64 [n, features].
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
        "\(column) numbers the rows but is used as a feature; exclude it with --set 'data.ignore=[\"\(name)\"]'"
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
    // A permutation of a range.
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
