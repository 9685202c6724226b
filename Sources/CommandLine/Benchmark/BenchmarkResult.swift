import Aviary
import Foundation

/// The result of a case, for people and for programs.
package struct BenchmarkResult {
  let name: String
  let threads: Int
  let quantity: BenchmarkQuantity
  /// The number from each run.
  package let runs: [Double]
  /// How many processors other processes used meanwhile, if known.
  let foreign: Double?

  /// Times a case.
  package init(of measured: BenchmarkCase, with stopwatch: Stopwatch) throws {
    let call = try measured.prepare()
    let (times, foreign) = try Stopwatch.othersProcessors { try stopwatch.time(call) }
    name = measured.name
    threads = Threads.count
    quantity = measured.quantity
    runs = times.map { measured.quantity.value(seconds: $0) }
    self.foreign = foreign
  }

  /// The middle run, or the mean of the two in the middle.
  package var median: Double {
    let sorted = runs.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private var best: Double { (quantity.isRate ? runs.max() : runs.min()) ?? .nan }

  /// One JSON object on one line, with numbers to five digits.
  package var json: String {
    var object: ConfigurationObject = [
      "case": .string(name), "processor": .string(Processor.name), "kernels": .string(Threads.instructionSet),
      "threads": .integer(threads), "metric": .string(quantity.metric),
      "value": .number(BenchmarkResult.rounded(median)), "unit": .string(quantity.unit),
      "best": .number(BenchmarkResult.rounded(best)),
    ]
    object["foreign"] = foreign.map { .number(($0 * 100).rounded() / 100) }
    object["runs"] = .array(runs.map { .number(BenchmarkResult.rounded($0)) })
    return ConfigurationValue.object(object).json()
  }

  /// A row of the table under ``heading``.
  package var text: String {
    let numbers = [BenchmarkResult.readable(median), BenchmarkResult.readable(best)].map { $0.leading(12) }
    let others = foreign.map { ProgressDisplay.fixed($0, 2) } ?? "?"
    return BenchmarkResult.row(name, numbers[0], numbers[1], quantity.unit, others)
  }

  /// The column headings.
  static let heading = row("case", "median".leading(12), "best".leading(12), "unit", "others' CPUs")

  private static func row(
    _ name: String, _ median: String, _ best: String, _ unit: String, _ others: String
  ) -> String { "\(name.padded(22)) \(median) \(best)  \(unit.padded(10)) \(others)" }

  /// To five digits.
  private static func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    let scale = pow(10, 4 - floor(log10(abs(value))))
    return (value * scale).rounded() / scale
  }

  private static func readable(_ value: Double) -> String {
    ProgressDisplay.fixed(value, abs(value) < 10 ? 3 : abs(value) < 1000 ? 1 : 0)
  }
}

extension String {
  /// The text padded with leading spaces to a width.
  fileprivate func leading(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
