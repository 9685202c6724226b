import AviaryCore
import AviaryRegistry

/// Wraps another rule and keeps an exponential moving average of its parameters, which evaluation and the result use.
///
///     θ ← rule(θ);  θ̄ ← d·θ̄ + (1 − d)·θ
///
/// Until averaging starts, θ̄ = θ.
///
/// State: `average` (θ̄), and that of the rule. Statistics of batch normalization are not averaged.
public struct WeightAverage: Optimizer, Registrable {
  public static let name = "weight-average"
  public static let card = Card(
    "Wraps another rule; the result is an exponential moving average of the parameters.",
    formula: "θ ← rule(θ);  θ̄ ← d·θ̄ + (1 − d)·θ",
    references: ["Polyak, Juditsky: Acceleration of stochastic approximation by averaging (1992)"])

  @Field(.optimizer, "The wrapped rule") var optimizer: any Optimizer = Adam()
  @Field("Decay rate d of the average", .in(0..<1)) var decay = 0.999
  @Field("Number of steps before averaging starts", .nonNegative) var averageAfter = 0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(_ optimizer: any Optimizer, decay: Double = 0.999, averageAfter: Int = 0) throws {
    self.optimizer = optimizer
    self.decay = decay
    self.averageAfter = averageAfter
    self = try checked()
  }

  /// What the rule needs.
  public var needs: Set<Evaluation.Capability> { optimizer.needs }
  /// Where the rule needs them.
  public var needsFullBatches: Bool { optimizer.needsFullBatches }
  /// As the rule.
  public var stepsUntilMemory: Int { optimizer.stepsUntilMemory }
  /// None: an average of weights that become zero in different steps is hardly ever zero.
  public func gradientStep(at progress: TrainingProgress) -> Double? { nil }
  /// The average.
  public func solution(_ state: OptimizerState) -> Tensor? { state.tensors["average"] }

  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    try state.withInner { try optimizer.update(&parameters, state: &$0, from: evaluation) }
    let isFirst = state.step <= averageAfter
    state.update(&parameters, ["average"], reading: []) { θ, average, _ in
      average[0] = isFirst ? θ : decay * average[0] + (1 - decay) * θ
    }
    state.step += 1
  }
}
