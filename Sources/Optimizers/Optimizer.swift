import AviaryCore
import AviaryRegistry

/// A rule that improves parameters step by step.
///
/// An optimizer is a value that holds only hyper-parameters. Everything it keeps between steps is in an
/// ``OptimizerState``, which the caller stores and saves. It sees the parameters as one flat vector and the problem
/// through an ``Evaluation``:
///
/// ```swift
/// let optimizer = try Adam(learningRate: 0.01)
/// var state = OptimizerState()
/// while … {
///   try optimizer.update(&parameters, state: &state, from: Evaluation(gradient: gradient))
/// }
/// ```
///
/// The vector contains only trained parameters, so that neither weight decay nor momentum changes frozen ones.
public protocol Optimizer: Sendable {
  /// What the rule needs from an evaluation beyond the gradient. Default: nothing.
  var needs: Set<Evaluation.Capability> { get }

  /// Whether the rule relies on losses or gradients of different steps being from the same rows, so that each batch
  /// must be the whole training set. Default: false.
  var needsFullBatches: Bool { get }

  /// The number of steps after which the state has all its entries, for checking a checkpoint. Default: 1.
  var stepsUntilMemory: Int { get }

  /// The learning rate η of a rule whose step is exactly −η·g, where g is the gradient including weight decay. The
  /// proximal step of a penalty uses it. Default: nil, for any other rule.
  func gradientStep(at progress: TrainingProgress) -> Double?

  /// The parameters to evaluate and return, if they differ from those that the steps update, such as an average.
  /// Default: nil, if they are the same.
  func solution(_ state: OptimizerState) -> Tensor?

  /// Takes one step, changing the parameters in place.
  ///
  /// - Parameters:
  ///   - parameters: a vector [n], float32 or float64.
  ///   - state: the state of the rule; empty before the first step. The rule increments `state.step`.
  ///   - evaluation: the gradient at `parameters`, and more if the rule `needs` it.
  /// - Throws: errors of the evaluation. Traps if the evaluation lacks what ``needs`` names.
  func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) throws
}

extension Optimizer {
  public var needs: Set<Evaluation.Capability> { [] }

  public var needsFullBatches: Bool { false }

  public var stepsUntilMemory: Int { 1 }

  public func solution(_ state: OptimizerState) -> Tensor? { nil }

  public func gradientStep(at progress: TrainingProgress) -> Double? { nil }
}

extension Kind where Product == any Optimizer {
  /// Optimizers, by name.
  public static var optimizer: Self { Kind("optimizer") }
}

extension Registrable where Self: Optimizer {
  public static var kind: Kind<any Optimizer> { .optimizer }
  public func product() -> any Optimizer { self }
}
