import AviaryCore
import AviaryRegistry

extension Kind where Product == any Schedule {
  /// Schedules, by name. AviaryOptimizers declares this kind publicly, but this module does not import it.
  static var schedule: Self { Kind("schedule", range: \.knownRange) }
}

extension Schedule {
  /// The value at a training step as a rate. Traps unless it is in 0..<1.
  func share(in context: Context, of parameters: Parameters) -> Double {
    let share = value(at: context.progress)
    require(
      (0..<1).contains(share),
      "layer \(parameters.path): the rate is \(share) in step \(context.progress.step + 1), but must be at least 0 and below 1"
    )
    return share
  }
}
