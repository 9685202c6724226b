import AviaryCore

/// What a forward pass depends on in addition to input and parameters: mode, randomness and progress. Never a global.
public struct Context: Sendable {
  /// The purpose of the pass.
  public enum Mode: Sendable, Hashable {
    /// Dropout is active; batch normalization uses the batch's statistics and updates the running ones.
    case training
    /// Everything is deterministic.
    case inference
    /// Inference with active dropout: one sample of the possible predictions.
    case monteCarlo
  }

  public var mode: Mode
  /// The random numbers of this step; layers use `random(for: parameters)`.
  public var random: RandomSource
  /// The progress of the training.
  public var progress: TrainingProgress
  /// New values of state, by index in the store.
  public private(set) var stateUpdates: [Int: Tensor] = [:]

  public init(
    _ mode: Mode, random: RandomSource = RandomSource(seed: 0), progress: TrainingProgress = TrainingProgress()
  ) {
    self.mode = mode
    self.random = random
    self.progress = progress
  }

  /// Whether the mode is training.
  public var isTraining: Bool { mode == .training }

  /// Whether dropout is active: in training and in Monte Carlo inference.
  public var drops: Bool { mode != .inference }

  /// The random numbers of one layer at this step.
  public func random(for parameters: Parameters) -> RandomSource { random[parameters.path] }

  /// Sets a layer's state to a new value at the end of the step.
  public mutating func update(_ name: String, of parameters: Parameters, to value: Tensor) {
    stateUpdates[parameters.index(of: name)] = value
  }
}
