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

  /// A share of what is dropped or changed, or a schedule of it. Throws unless it stays in [0, 1).
  func rate(_ configuration: NumberOrSpecification) throws -> any Schedule {
    try schedule(configuration) { try Check.value($0, in: 0..<1, "rate") }
  }
}

extension Schedule {
  /// The least and the greatest value; the value at the start, where they are not known.
  var extremes: [Double] { range.map { [$0.lowerBound, $0.upperBound] } ?? [value(at: TrainingProgress())] }

  /// The schedule itself, if it is a share of what is dropped or changed. Traps unless it stays in 0..<1.
  func checkedRate() -> any Schedule {
    precondition(extremes.allSatisfy((0..<1).contains), "a rate of \(extremes); it is in 0..<1")
    return self
  }
}
