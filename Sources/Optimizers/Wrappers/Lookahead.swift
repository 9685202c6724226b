import AviaryCore
import AviaryRegistry

/// Another rule, whose parameters are called back every k steps: they go on from a point on the way that they have come.
///
/// θ ← rule(θ);  every k-th step: φ ← φ + α·(θ − φ), θ ← φ, with φ the parameters at the start. What the training gives
/// and measures is φ.
///
/// State: `slow`, φ, and what the rule remembers, which goes on as if nothing had happened.
public struct Lookahead: Optimizer, Registrable {
  public static let name = "lookahead"
  public static let card = Card(
    "Another rule, called back every k steps to a point on the way that it has come.",
    formula: "θ ← rule(θ);  every k-th step: φ ← φ + α·(θ − φ), θ ← φ",
    references: [
      "Zhang, Lucas, Hinton, Ba: Lookahead optimizer, k steps forward, 1 step back (2019), arXiv:1907.08610"
    ])

  @Field(.optimizer, "Rule of the fast steps") var optimizer: any Optimizer = Adam()
  @Field("Fast steps k before it looks back", .positive) var period = 5
  @Field("Share α of the way that is kept", .in(0...1)) var share = 0.5

  public init() {}

  /// Lookahead. Throws `ConfigurationError` for values out of range.
  public init(_ optimizer: any Optimizer, period: Int = 5, share: Double = 0.5) throws {
    self.optimizer = optimizer
    self.period = period
    self.share = share
    self = try checked()
  }

  /// What the rule needs.
  public var needs: Set<Evaluation.Capability> { optimizer.needs }
  /// Where the rule needs them.
  public var needsFullBatches: Bool { optimizer.needsFullBatches }
  /// As the rule.
  public var stepsUntilMemory: Int { optimizer.stepsUntilMemory }
  /// The slow parameters φ.
  public func solution(_ state: OptimizerState) -> Tensor? { state.tensors["slow"] }

  /// One step.
  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    if state.step == 0 { state.update(&parameters, ["slow"], reading: []) { θ, φ, _ in φ[0] = θ } }
    try state.withInner { try optimizer.update(&parameters, state: &$0, from: evaluation) }
    state.step += 1
    guard state.step % period == 0 else { return }
    state.update(&parameters, ["slow"], reading: []) { θ, φ, _ in
      φ[0] += share * (θ - φ[0])
      θ = φ[0]
    }
  }
}
