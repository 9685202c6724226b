/// A number that follows a schedule and stays in a range: a learning rate, a rate of dropout.
///
/// A training evaluates it for all its steps before it starts, where that is possible, and before each step.
public struct ScheduledNumber: Schedule {
  /// The field's name: `"rate"`.
  public let name: String
  /// What it follows.
  public let schedule: any Schedule
  /// Where its values are.
  public let allowed: Range<Double>

  /// A number of a name that follows a schedule in a range; 0..<∞ for all finite numbers of at least 0.
  public init(_ name: String, _ schedule: any Schedule, in allowed: Range<Double>) {
    (self.name, self.schedule, self.allowed) = (name, schedule, allowed)
  }

  /// The number at a moment of the training. Traps where it is out of range.
  public func value(at progress: TrainingProgress) -> Double { value(at: progress, in: "") }

  /// The number at a moment of the training. Traps where it is out of range, and names the layer that it is of by its
  /// path.
  public func value(at progress: TrainingProgress, in path: String) -> Double {
    let value = schedule.value(at: progress)
    require(
      allowed.contains(value), "\(path.isEmpty ? "" : "layer \(path): ")\(name): \(complaint(value, progress))")
    return value
  }

  /// The schedule's own.
  public var range: ClosedRange<Double>? { schedule.range }

  /// What is wrong with the number at a moment of the training; nil where it is in its range.
  public func complaint(at progress: TrainingProgress) -> String? {
    let value = schedule.value(at: progress)
    return allowed.contains(value) ? nil : complaint(value, progress)
  }

  private func complaint(_ value: Double, _ progress: TrainingProgress) -> String {
    let expected =
      allowed.upperBound.isFinite
      ? "of at least \(allowed.lowerBound) and below \(allowed.upperBound)"
      : "finite and of at least \(allowed.lowerBound)"
    return
      "its schedule gives \(value) in step \(progress.step + 1) (epoch \(progress.epoch + 1)), and the number has to "
      + "be \(expected) in every step"
  }
}
