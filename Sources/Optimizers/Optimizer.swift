import AviaryCore
import AviaryRegistry

/// A rule that improves parameters step by step.
///
/// An optimizer is a value with hyper-parameters only; what it remembers between steps is in an ``OptimizerState`` that the caller
/// keeps, saves and restores. It sees the parameters as one flat vector and the problem through an ``Evaluation``:
///
/// ```swift
/// let optimizer = try Adam(learningRate: 0.01)
/// var state = OptimizerState()
/// while … {
///   try optimizer.update(&parameters, state: &state, from: Evaluation(gradient: gradient))
/// }
/// ```
///
/// The vector holds what is trained and nothing else: parameters that stay as they are do not appear in it, so that neither
/// weight decay nor momentum moves them.
public protocol Optimizer: Sendable {
  /// What the rule asks of an evaluation beyond the gradient. Default: nothing.
  var needs: Set<Evaluation.Capability> { get }

  /// Whether the rule compares losses of different steps, which have to be those of the same rows: the whole training set.
  /// Default: it does not.
  var needsFullBatches: Bool { get }

  /// η of a rule whose step is −η·g, the gradient g with what weight decay adds to it, and depends on nothing else: what
  /// the proximal step of a penalty takes. Default: nil, the rule is another.
  func gradientStep(at progress: TrainingProgress) -> Double?

  /// The parameters that a training gives and measures, where they are others than those that its steps go on from: a
  /// mean of them. Default: nil, they are the same.
  func solution(_ state: OptimizerState) -> Tensor?

  /// Changes the parameters in place, one step on.
  ///
  /// - Parameters:
  ///   - parameters: a vector [n], float32 or float64.
  ///   - state: what the rule remembers; empty before the first step. The rule advances `state.step`.
  ///   - evaluation: the gradient at `parameters`, and on request the loss and gradient elsewhere.
  /// - Throws: what the evaluation throws. Traps where the evaluation lacks what ``needs`` names.
  func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) throws
}

extension Optimizer {
  /// The gradient alone.
  public var needs: Set<Evaluation.Capability> { [] }

  /// Any batches will do.
  public var needsFullBatches: Bool { false }

  /// The parameters themselves.
  public func solution(_ state: OptimizerState) -> Tensor? { nil }

  /// The rule is another.
  public func gradientStep(at progress: TrainingProgress) -> Double? { nil }
}

extension Kind where Product == any Optimizer {
  /// Optimizers, by name.
  public static var optimizer: Self { Kind("optimizer") }
}

extension Registrable where Self: Optimizer {
  /// An optimizer.
  public static var kind: Kind<any Optimizer> { .optimizer }
  /// The optimizer itself.
  public func product() -> any Optimizer { self }
}
