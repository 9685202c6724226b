/// The progress of a training stage, on which schedules depend.
public struct TrainingProgress: Sendable, Hashable, Codable {
  /// Updates completed in this stage.
  public var step: Int
  /// Epochs completed in this stage.
  public var epoch: Int
  /// Updates per epoch.
  public var stepsPerEpoch: Int
  /// Epochs planned for this stage.
  public var epochs: Int
  /// The values measured in each completed epoch of the stage, named as in `metrics.csv`; empty if they are not kept.
  public var measured: [[String: Double]] = []

  /// By default the start of training.
  public init(step: Int = 0, epoch: Int = 0, stepsPerEpoch: Int = 1, epochs: Int = 1) {
    self.step = step
    self.epoch = epoch
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
  }

  /// The completed fraction of the planned updates, in 0...1.
  public var fraction: Double {
    let planned = stepsPerEpoch * epochs
    return planned > 0 ? min(1, Double(step) / Double(planned)) : 0
  }
}

/// A number as a function of progress, such as a decaying learning rate or a rising momentum.
public protocol Schedule: Sendable {
  /// The value at a moment of the training.
  func value(at progress: TrainingProgress) -> Double
  /// The minimum and maximum value, if known, by which the values are checked before training. Default: nil, unknown.
  var range: ClosedRange<Double>? { get }
  /// The measured values that it depends on, named as in `metrics.csv`; a training that does not measure them is
  /// refused before it begins. Default: none.
  var monitors: [String] { get }
}

extension Schedule {
  public var range: ClosedRange<Double>? { nil }

  public var monitors: [String] { [] }

  /// The range if known, otherwise the initial value; nil if that is NaN.
  package var knownRange: ClosedRange<Double>? {
    let first = value(at: TrainingProgress())
    return range ?? (first.isNaN ? nil : first...first)
  }
}

/// A constant schedule: `SGD(learningRate: 0.1)`.
extension Double: Schedule {
  public func value(at progress: TrainingProgress) -> Double { self }
  /// The number itself; nil for NaN.
  public var range: ClosedRange<Double>? { isNaN ? nil : self...self }
}
