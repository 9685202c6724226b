import AviaryRegistry

/// A number that a stopping rule watches, turned so that small is good.
struct Monitor {
  /// As in `metrics.csv`.
  let name: String
  /// 1 where a small number is good, −1 where a great one is.
  let sign: Double

  /// A number to watch; whether greater is better is told by its name, unless given: losses, errors and energies are
  /// better small.
  init(_ name: String, maximize: Bool? = nil) {
    self.name = name
    sign = maximize ?? !["loss", "error", "energy"].contains(where: name.hasSuffix) ? -1 : 1
  }

  /// The epochs in which the number was measured, small values being good; none as long as nothing but the training
  /// rows was measured. Throws ``TrainingError`` where other rows were, or training rows are to be watched, and the
  /// number is not among what was found.
  func values(in history: [EpochRecord]) throws -> [(record: EpochRecord, value: Double)] {
    let measured = history.compactMap { record in record.values[name].map { (record, $0 * sign) } }
    let known = Set(history.flatMap(\.values.keys))
    if measured.isEmpty, name.hasPrefix("train.") || known.contains(where: { !$0.hasPrefix("train.") }) {
      throw TrainingError.unknownMonitor(name, known: known.sorted())
    }
    return measured
  }
}
