import AviaryCore

/// What a forward pass depends on beside input and parameters: mode, randomness and progress. Never a global.
public struct Context: Sendable {
  /// What the pass is for.
  public enum Mode: Sendable, Hashable {
    /// Dropout drops, batch normalization uses the batch's statistics and updates the running ones.
    case training
    /// Everything is deterministic.
    case inference
    /// Inference in which dropout goes on dropping: one sample of what the model might answer.
    case monteCarlo
  }

  /// What the pass is for.
  public var mode: Mode
  /// The random numbers of this step; a layer takes `random(for: parameters)`.
  public var random: RandomSource
  /// How far the training has come.
  public var progress: TrainingProgress
  /// New values of state, by the entry's index in the store.
  public private(set) var stateUpdates: [Int: Tensor] = [:]

  /// A context.
  public init(
    _ mode: Mode, random: RandomSource = RandomSource(seed: 0), progress: TrainingProgress = TrainingProgress()
  ) {
    self.mode = mode
    self.random = random
    self.progress = progress
  }

  /// True while training.
  public var isTraining: Bool { mode == .training }

  /// True where units are dropped: while training, and in Monte Carlo inference.
  public var drops: Bool { mode != .inference }

  /// The random numbers of one layer at this step.
  public func random(for parameters: Parameters) -> RandomSource { random[parameters.path] }

  /// Sets a layer's state to a new value, once the step is done.
  public mutating func update(_ name: String, of parameters: Parameters, to value: Tensor) {
    stateUpdates[parameters.index(of: name)] = value
  }
}
