/// How far a training has come: what schedules are functions of.
public struct Progress: Sendable, Hashable, Codable {
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
  func value(at progress: Progress) -> Double
}

/// The same number always.
public struct ConstantSchedule: Schedule, Hashable {
  /// The number.
  public let value: Double

  /// A schedule of one number.
  public init(_ value: Double) { self.value = value }

  /// The number.
  public func value(at progress: Progress) -> Double { value }
}
