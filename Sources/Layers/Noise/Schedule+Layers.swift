import AviaryCore
import AviaryRegistry

extension Kind where Product == any Schedule {
  /// Schedules, by name: the kind that the module of the schedules declares for all, which this one does not import.
  static var schedule: Self { Kind("schedule", range: \.knownRange) }
}

extension Schedule {
  /// The number at a step of a training, as a share of what a layer drops or changes. Traps unless it is in 0..<1.
  func share(in context: Context, of parameters: Parameters) -> Double {
    let share = value(at: context.progress)
    require(
      (0..<1).contains(share),
      "layer \(parameters.path): a rate of \(share) in step \(context.progress.step + 1); it is at least 0 and below 1")
    return share
  }
}
