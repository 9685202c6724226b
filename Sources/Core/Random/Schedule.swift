/// How far a training has come: what schedules are functions of.
public struct TrainingProgress: Sendable, Hashable, Codable {
  /// Updates done so far in this stage, from 0.
  public var step: Int
  /// Epochs done so far in this stage, from 0.
  public var epoch: Int
  /// Updates of one epoch.
  public var stepsPerEpoch: Int
  /// Epochs planned for this stage.
  public var epochs: Int

  /// A progress; at the start unless given.
  public init(step: Int = 0, epoch: Int = 0, stepsPerEpoch: Int = 1, epochs: Int = 1) {
    self.step = step
    self.epoch = epoch
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
  }

  /// The share of the planned updates that is done, in 0...1.
  public var fraction: Double {
    let planned = stepsPerEpoch * epochs
    return planned > 0 ? min(1, Double(step) / Double(planned)) : 0
  }
}

/// A number as a function of progress: a learning rate that decays, a momentum that rises, a noise that fades.
public protocol Schedule: Sendable {
  /// The number at a moment of the training.
  func value(at progress: TrainingProgress) -> Double
  /// The least and the greatest value it can take, where that is known: what a learning rate, a momentum, a probability
  /// is checked by before a training starts. Default: not known.
  var range: ClosedRange<Double>? { get }
}

extension Schedule {
  /// Not known.
  public var range: ClosedRange<Double>? { nil }

  /// What is known before a training: the range, or else the value at the start; nil where that is NaN.
  package var knownRange: ClosedRange<Double>? {
    let first = value(at: TrainingProgress())
    return range ?? (first.isNaN ? nil : first...first)
  }
}

/// A number is a schedule that stays: `SGD(learningRate: 0.1)`.
extension Double: Schedule {
  /// The number itself.
  public func value(at progress: TrainingProgress) -> Double { self }
  /// The number alone; not known of NaN.
  public var range: ClosedRange<Double>? { isNaN ? nil : self...self }
}
