import AviaryCore
import AviaryRegistry

/// Another rule, which takes a step every k batches, along the mean of their gradients: what a batch of k times the rows
/// would give, in the memory of one.
///
/// a ← a + g/k, from a = 0;  every k-th step: θ ← rule(θ, a), and a begins again.
///
/// Gradients that are left at the end of an epoch wait for the next. Schedules go by the training's steps, which are
/// batches. A batch that is smaller than the others counts as much as they do, and batch normalization takes its statistics
/// over each batch by itself. State: `accumulated`, a, and what the rule remembers.
public struct GradientAccumulation: Optimizer, Registrable {
  public static let name = "gradient-accumulation"
  public static let card = Card(
    "Another rule, which takes a step every k batches, along the mean of their gradients.",
    formula: "a ← a + g/k;  every k-th step: θ ← rule(θ, a), a ← 0")

  @Field(.optimizer, "Rule of the steps; one that needs nothing but gradients") var optimizer: any Optimizer = Adam()
  @Field("Batches k that make a step", .positive) var batches = 4

  public init() {}

  /// Accumulation. Throws `ConfigurationError` for values out of range, and a rule that needs more than gradients.
  public init(_ optimizer: any Optimizer, batches: Int = 4) throws {
    self.optimizer = optimizer
    self.batches = batches
    self = try checked()
  }

  /// The rule needs nothing but gradients: losses, other points and curvature are those of one batch.
  public func validate() throws {
    let more = optimizer.needs.subtracting([.layout])
    guard !more.isEmpty || optimizer.needsFullBatches else { return }
    throw ConfigurationError(
      .invalid(
        "the rule asks for more than gradients, which are all that batches can add up; choose a first-order one"),
      at: "optimizer")
  }

  /// What the rule needs.
  public var needs: Set<Evaluation.Capability> { optimizer.needs }
  /// So many steps as the rule, of k batches.
  public var stepsUntilMemory: Int { batches * optimizer.stepsUntilMemory }
  /// The rule's.
  public func solution(_ state: OptimizerState) -> Tensor? {
    state.step < batches ? nil : optimizer.solution(state.inner())
  }

  /// One batch.
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
