import AviaryCore
import AviaryRegistry

/// Wraps another rule to take a step only every k batches, with the mean of their gradients: like a batch k times as
/// large, without its memory.
///
///     a ← a + g/k
///     every k-th batch: θ ← rule(θ, a), a ← 0
///
/// Gradients left over at the end of an epoch carry over to the next. Schedules count batches as steps. A smaller last
/// batch counts as much as the others, and batch normalization takes its statistics over single batches. State:
/// `accumulated` (a), and that of the rule.
public struct GradientAccumulation: Optimizer, Registrable {
  public static let name = "gradient-accumulation"
  public static let card = Card(
    "Wraps another rule to take a step only every k batches, with the mean of their gradients.",
    formula: "a ← a + g/k;  every k-th batch: θ ← rule(θ, a), a ← 0")

  @Field(.optimizer, "The wrapped rule, which must need only gradients") var optimizer: any Optimizer = Adam()
  @Field("Number k of batches per step", .positive) var batches = 4

  public init() {}

  /// Throws `ConfigurationError` for values out of range, or if the rule needs more than gradients.
  public init(_ optimizer: any Optimizer, batches: Int = 4) throws {
    self.optimizer = optimizer
    self.batches = batches
    self = try checked()
  }

  /// Rejects rules that need more than gradients: losses, other points and curvature are those of a single batch.
  public func validate() throws {
    let more = optimizer.needs.subtracting([.layout])
    guard !more.isEmpty || optimizer.needsFullBatches else { return }
    throw ConfigurationError(
      .invalid(
        "the rule needs more than gradients, and only gradients can be accumulated; choose a first-order rule"),
      at: "optimizer")
  }

  public var needs: Set<Evaluation.Capability> { optimizer.needs }
  /// As many steps as for the rule, of k batches each.
  public var stepsUntilMemory: Int { batches * optimizer.stepsUntilMemory }
  /// The solution of the rule.
  public func solution(_ state: OptimizerState) -> Tensor? {
    state.step < batches ? nil : optimizer.solution(state.inner())
  }

  /// Accumulates the gradient of a batch; every k-th time, takes a step.
  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    state.step += 1
    let (isFirst, isLast) = ((state.step - 1) % batches == 0, state.step % batches == 0)
    try state.withVector("accumulated", like: evaluation.gradient) { accumulated, state in
      Tensor.update(&accumulated, reading: evaluation.gradient) { a, g in
        let part = 1 / Double(batches) * g
        a = isFirst ? part : a + part
      }
      guard isLast else { return }
      try state.withInner { inner in
        let mean = Evaluation(gradient: accumulated, progress: evaluation.progress, layout: evaluation.layout)
        try optimizer.update(&parameters, state: &inner, from: mean)
      }
    }
  }
}
