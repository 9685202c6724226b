import AviaryAutograd
import AviaryCore

/// Everything that a forward pass depends on besides input and parameters: mode, randomness, progress, lengths, carried
/// state.
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

  /// A batch of one of the model's inputs.
  public struct Input: Sendable {
    /// [batch, …].
    public var values: Tensor
    /// The number of valid steps of each row; nil if all are valid.
    public var lengths: [Int]?

    public init(_ values: Tensor, lengths: [Int]? = nil) {
      self.values = values
      self.lengths = lengths
    }
  }

  public var mode: Mode
  /// The random numbers of this step; layers use `random(for: parameters)`.
  public var random: RandomSource
  /// The progress of the training.
  public var progress: TrainingProgress
  /// The number of valid steps of each row, the rest being padding; nil if all are valid, or if there are no steps (any
  /// more). A layer that removes the step axis sets it to nil; a layer that changes the number of steps sets the new
  /// lengths.
  public var lengths: [Int]?
  /// The state carried from earlier pieces of the sequences; nil if sequences come whole.
  public var carried: CarriedState?
  /// The model's further inputs, by name.
  public var furtherInputs: [String: Input] = [:]
  /// New values of state, by index in the store.
  public private(set) var stateUpdates: [Int: Tensor] = [:]
  /// Scalars that layers add to the objective, such as a penalty on a code.
  ///
  /// Empty outside a pass; only the pass's thread has the variables.
  public nonisolated(unsafe) internal(set) var penalties: [Variable] = []
  /// The first problem a layer found with the values of its inputs. ``Model/forward(_:_:_:file:line:)`` traps on it,
  /// ``Model/checkedForward(_:_:_:file:line:)`` throws it.
  public private(set) var problem: LayerError?

  public init(
    _ mode: Mode, random: RandomSource = RandomSource(seed: 0), progress: TrainingProgress = TrainingProgress(),
    lengths: [Int]? = nil
  ) {
    self.mode = mode
    self.random = random
    self.progress = progress
    self.lengths = lengths
  }

  /// Whether the mode is training.
  public var isTraining: Bool { mode == .training }

  /// Whether dropout is active: in training and in Monte Carlo inference.
  public var drops: Bool { mode != .inference }

  /// The random numbers of one layer at this step.
  public func random(for parameters: Parameters) -> RandomSource { random[parameters.path] }

  /// The valid steps of a batch [rows, steps, …]; nil if all are valid.
  public func steps(of batch: Variable) -> StepRows? {
    lengths.map { StepRows(lengths: $0, steps: batch.shape[1]) }
  }

  /// The same for a layer that removes the step axis: resets the lengths.
  mutating func takeSteps(of batch: Variable) -> StepRows? {
    defer { lengths = nil }
    return steps(of: batch)
  }

  /// Adds a scalar to the batch's objective, besides the mean loss of its rows. For layers in training.
  public mutating func penalize(_ penalty: Variable) { penalties.append(penalty) }

  /// Reports input values that a layer cannot compute with, such as a symbol without a vector. The layer then returns
  /// anything of its output shape, since the pass ends in an error; only the first problem is kept.
  public mutating func refuse(_ problem: String, in parameters: Parameters) {
    self.problem = self.problem ?? LayerError(path: parameters.path, problem)
  }

  /// Sets a layer's state to a new value at the end of the step.
  public mutating func update(_ name: String, of parameters: Parameters, to value: Tensor) {
    stateUpdates[parameters.index(of: name)] = value
  }
}
