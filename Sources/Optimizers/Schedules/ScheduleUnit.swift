import AviaryCore
import AviaryRegistry

/// The unit of a schedule's time.
public enum ScheduleUnit: String, CaseIterable, FieldValue {
  /// Updates: the value changes at every step.
  case step
  /// Epochs: the value changes after each pass over the training data.
  case epoch

  /// The number of units done, from 0.
  public func count(_ progress: TrainingProgress) -> Double {
    switch self {
    case .step: Double(progress.step)
    case .epoch: Double(progress.epoch)
    }
  }

  /// The progress as seen from `start` units, or from the units done if fewer.
  func progress(_ progress: TrainingProgress, from start: Int) -> TrainingProgress {
    var later = progress
    switch self {
    case .step:
      later.step -= start
      later.epoch = later.step / max(progress.stepsPerEpoch, 1)
    case .epoch:
      later.epoch -= start
      later.step -= start * progress.stepsPerEpoch
    }
    later.measured = Array(progress.measured.dropFirst(max(0, progress.epoch - later.epoch)))
    return later
  }
}
