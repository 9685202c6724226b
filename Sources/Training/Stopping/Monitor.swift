import AviaryRegistry

/// A number that a stopping rule watches, turned so that small is good.
struct Monitor {
  /// As in `metrics.csv`.
  let name: String
  /// 1 where a small number is good, −1 where a great one is.
  let sign: Double
  /// What was measured so far, until the number is among it.
  private var others: Set<String>? = []

  /// A number to watch; whether greater is better is told by its name, unless given: losses, errors and energies are
  /// better small.
  init(_ name: String, maximize: Bool? = nil) {
    self.name = name
    sign = maximize ?? !["loss", "error", "energy"].contains(where: name.hasSuffix) ? -1 : 1
  }

  /// The number of the next epoch, small values being good; nil where it was not measured. Throws ``TrainingError`` where
  /// other rows than the training ones were measured so far, or training rows are to be watched, and the number was never
  /// among what was found.
  mutating func value(of record: EpochRecord) throws -> Double? {
    if let value = record.values[name] {
      others = nil
      return value * sign
    }
    guard let known = others?.union(record.values.keys) else { return nil }
    if name.hasPrefix("train.") || known.contains(where: { !$0.hasPrefix("train.") }) {
      throw TrainingError.unknownMonitor(name, known: known.sorted())
    }
    others = known
    return nil
  }
}
