import AviaryCore
import AviaryFormats

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

  /// Notes on features whose numbers differ only in digits beyond the precision of float64. `inputs` are the features,
  /// float64 [n, features].
  func longNumberNotes(_ inputs: Tensor, _ table: CSVTable) throws -> [String] {
    let count = min(inputs.shape[0], 10_000)
    let width = features.count
    let candidates = inputs.withScalars(as: Double.self) { numbers in
      (0..<width).filter { column in
        let (least, greatest) = stride(from: column, to: count * width, by: width).reduce(
          (Double.infinity, -Double.infinity)
        ) {
          (min($0.0, numbers[$1]), max($0.1, numbers[$1]))
        }
        return greatest - least <= 0x1p-30 * max(abs(least), abs(greatest))
      }
    }
    return try candidates.compactMap { column in
      let texts = Set(try table.texts(columnAt: features[column]).prefix(count).map { Self.withoutLastZeros($0) })
      guard texts.contains(where: { $0.utf8.count { 0x30...0x39 ~= $0 } > 15 }) else { return nil }
      let left = inputs.withScalars(as: Double.self) { numbers in
        Set((0..<count).map { numbers[$0 * width + column] }).count
      }
      guard 2 * left <= texts.count else { return nil }
      let name = featureNames.map { "the column '\($0[column])'" } ?? "the column \(features[column] + 1)"
      return
        "\(name): \(texts.count) different numbers become \(left) in float64, which keeps 15 digits; subtract a number near "
        + "them before saving them"
    }
  }

  /// A number without surrounding blanks and without trailing zeros in its decimals.
  private static func withoutLastZeros(_ text: String) -> Substring {
    let text = text.trimmingBlanks()
    guard text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }) else { return text[...] }
    let zero = UInt8(ascii: "0")
    let end = text.utf8.lastIndex { $0 != zero }.map { text.utf8.index(after: $0) } ?? text.startIndex
    return text[..<end]
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
