import AviaryCore
import AviaryRegistry

extension Registries {
  /// A number that stays, or the schedule that a specification names: a rate that is annealed during the training.
  ///
  /// The kind of schedules is declared by the module that has them; here they are known by their protocol alone.
  /// Throws what making the schedule throws, and what `check` throws of the number, or of the schedule's least and
  /// greatest value (its value at the start, where it does not know them).
  func schedule(
    _ configuration: NumberOrSpecification, _ check: (Double) throws -> Void
  ) throws -> any Schedule {
    let schedule: any Schedule =
      switch configuration {
      case .number(let number): number
      case .specification(let specification): try make(Kind<any Schedule>("schedule"), specification)
      }
    for value in schedule.extremes { try check(value) }
    return schedule
  }
}

extension Schedule {
  /// The least and the greatest value; the value at the start, where they are not known.
  var extremes: [Double] { range.map { [$0.lowerBound, $0.upperBound] } ?? [value(at: TrainingProgress())] }
}
