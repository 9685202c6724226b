import AviaryRegistry

/// A value watched by a stopping rule, signed so that smaller is better.
struct Monitor {
  /// The name in `metrics.csv`.
  let name: String
  /// 1 if smaller is better, −1 if larger is better.
  let sign: Double
  /// Values measured so far, until the watched one is among them.
  private var others: Set<String>? = []

  /// A value to watch. Unless given, its name decides whether larger is better: losses, errors, energies and
  /// residuals should be small.
  init(_ name: String, maximize: Bool? = nil) {
    self.name = name
    sign = maximize ?? !["loss", "error", "energy", "violation", "kkt"].contains(where: name.hasSuffix) ? -1 : 1
  }

  /// The signed value of the next epoch; nil if it was not measured. Throws ``TrainingError`` if the value has never
  /// been measured, although rows other than the training rows have been, or it is a value of the training rows.
  mutating func value(of record: EpochRecord) throws -> Double? {
    if let value = record.values[name] {
      others = nil
      return value * sign
    }
    // The learning rate belongs to no part.
    guard let known = others?.union(record.values.keys.filter { $0.contains(".") }) else { return nil }
    if name.hasPrefix("train.") || known.contains(where: { !$0.hasPrefix("train.") }) {
      throw TrainingError.unknownMonitor(name, known: known.sorted())
    }
    others = known
    return nil
  }
}
