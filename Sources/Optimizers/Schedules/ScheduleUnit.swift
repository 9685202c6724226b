import AviaryCore
import AviaryRegistry

/// What a schedule counts.
public enum ScheduleUnit: String, CaseIterable, FieldValue {
  /// Updates: the schedule moves at every step.
  case step
  /// Epochs: the schedule moves when all of the training data has been seen.
  case epoch

  /// The units done so far, from 0.
  public func count(_ progress: TrainingProgress) -> Double {
    switch self {
    case .step: Double(progress.step)
    case .epoch: Double(progress.epoch)
    }
  }

  /// A progress as it is for what begins after so many units, at most as many as are done.
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
    return later
  }
}
