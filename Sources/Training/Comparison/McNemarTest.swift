import AviaryCore

/// Whether two classifiers err equally often, from their answers for the same rows.
///
/// Only rows that exactly one of them classifies correctly count. If both err equally often, either one is right with
/// probability ½, so the p-value is that of a fair coin: twice the probability of at most min(b, c) heads in b + c throws. (McNemar:
/// Note on the sampling error of the difference between correlated proportions or percentages, 1947.)
public struct McNemarTest: Sendable, Equatable {
  /// Rows that only the first classifies correctly.
  public let first: Int
  /// Rows that only the second classifies correctly.
  public let second: Int

  public init(first: Int, second: Int) {
    self.first = first
    self.second = second
  }

  /// The answers of two classifiers for the same rows. Traps if they differ in number.
  public init(
    labels: [Int], first: [Int], second: [Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      labels.count == first.count && labels.count == second.count,
      "McNemar's test needs answers for the same rows, not for \(labels.count), \(first.count) and \(second.count)",
      file, line)
    let rows = labels.indices.map { (first[$0] == labels[$0], second[$0] == labels[$0]) }
    self.init(first: rows.count { $0 && !$1 }, second: rows.count { !$0 && $1 })
  }

  /// The probability of a difference at least as large if both err equally often.
  public var pValue: Double {
    let count = first + second
    guard count > 0 else { return 1 }
    // Probabilities relative to that of the middle, which do not underflow.
    var (weight, all, tail) = (1.0, 0.0, 0.0)
    let middle = count / 2
    let least = min(first, second)
    for heads in stride(from: middle, through: 0, by: -1) {
      // Twice for the mirrored number of heads, but for the middle of an even count.
      let share = 2 * heads == count ? weight : 2 * weight
      all += share
      if heads <= least { tail += share }
      weight *= Double(heads) / Double(count - heads + 1)
    }
    return min(1, tail / all)
  }
}

/// The interval of a share k/n that holds the true one with 95 % confidence, by Wilson's method (1927), which stays in [0, 1] and
/// suits small numbers.
public func wilsonInterval(successes: Int, of count: Int) -> ClosedRange<Double> {
  guard count > 0 else { return 0...1 }
  let (z, n) = (1.959963984540054, Double(count))
  let share = Double(successes) / n
  let center = (share + z * z / (2 * n)) / (1 + z * z / n)
  let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
  return max(0, center - half)...min(1, center + half)
}
