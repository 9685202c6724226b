/// Distinguishes a row of column names from a row of data.
struct CSVHeader {
  /// The kind of a field.
  enum Field {
    case number(Double)
    case missing
    case text(String)
  }

  /// The first row and some of those below.
  let first: [Field]
  let beneath: [[Field]]

  /// Whether the first row names the columns.
  ///
  /// A row of strings does. In a row of strings and numbers, a string above a number does, unless the column repeats
  /// that string; strings above strings do if the numbers beside them count up (`0,1,2,kind`) or are a scale
  /// (`400.5,402,403.1,kind`). A row of numbers does if they count up from column to column (`0,1,2,3`), as libraries
  /// name unnamed columns, and the rows below do not.
  var isPresent: Bool {
    let texts = first.indices.filter { text(first[$0]) != nil }
    let numbers = first.compactMap { number($0) }
    if texts.isEmpty { return first.count > 2 && countsUp(numbers, least: 3) }
    if numbers.isEmpty { return true }
    let isRepeated = texts.contains { column in
      beneath.contains { text($0[column]) == text(first[column]) }
    }
    guard !isRepeated, let second = beneath.first else { return false }
    if texts.contains(where: { number(second[$0]) != nil }) { return true }
    return countsUp(numbers, least: 1) || isScale(numbers, texts)
  }

  /// Whether the first row's numbers are a scale, unlike those of most rows below, and its strings are the only
  /// unrepeated ones.
  private func isScale(_ numbers: [Double], _ texts: [Int]) -> Bool {
    guard beneath.count > 3, Self.areScale(numbers),
      2 * beneath.count(where: { Self.areScale($0.compactMap { number($0) }) }) < beneath.count
    else { return false }
    return texts.allSatisfy { column in
      let counts = Dictionary(beneath.map { (text($0[column]) ?? "", 1) }, uniquingKeysWith: +)
      return counts.values.allSatisfy { $0 > 1 }
    }
  }

  /// Equidistant numbers, or many monotonic ones.
  private static func areScale(_ numbers: [Double]) -> Bool {
    let steps = zip(numbers, numbers.dropFirst()).map { $1 - $0 }
    guard steps.count > 1, steps.allSatisfy({ $0 > 0 }) || steps.allSatisfy({ $0 < 0 }) else { return false }
    return steps.count > 4 || steps.allSatisfy { abs($0 - steps[0]) <= 1e-9 * abs(numbers[0]) + 1e-6 * abs(steps[0]) }
  }

  /// Whether the first row's numbers are equidistant integers, those below are not, and there are enough of them, or
  /// they differ enough from those below, to exclude chance.
  private func countsUp(_ numbers: [Double], least: Int) -> Bool {
    guard numbers.count >= least, numbers.allSatisfy({ $0 == $0.rounded() }), let start = numbers.first,
      !beneath.isEmpty
    else { return false }
    let step = numbers.count > 1 ? numbers[1] - start : 1
    guard step != 0, isProgression(numbers, step) else { return false }
    let columns = first.indices.filter { number(first[$0]) != nil }
    let rows = beneath.map { row in columns.compactMap { number(row[$0]) } }
    if numbers.count > 1, rows.contains(where: { $0.count == numbers.count && isProgression($0, step) }) {
      return false
    }
    let fractional = columns.indices.count { place in
      rows.contains { $0.count > place && $0[place] != $0[place].rounded() }
    }
    if step == 1, start == 0 || start == 1 {
      return numbers.count > 3 || fractional == numbers.count && start == 0
    }
    return numbers.count > 4 && 2 * fractional >= numbers.count
  }

  private func isProgression(_ numbers: [Double], _ step: Double) -> Bool {
    zip(numbers, numbers.dropFirst()).allSatisfy { $1 - $0 == step }
  }

  private func text(_ field: Field) -> String? { if case .text(let text) = field { text } else { nil } }
  private func number(_ field: Field) -> Double? { if case .number(let number) = field { number } else { nil } }
}
