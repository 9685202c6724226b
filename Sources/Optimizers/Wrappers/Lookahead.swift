import AviaryCore
import AviaryRegistry

/// Wraps another rule: every k steps, the parameters return part of the way to where they were k steps before.
///
///     θ ← rule(θ);  every k-th step: φ ← φ + α·(θ − φ), θ ← φ
///
/// The slow parameters φ start as θ. Evaluation and the result use φ.
///
/// State: `slow` (φ), and that of the rule, which is not reset.
public struct Lookahead: Optimizer, Registrable {
  public static let name = "lookahead"
  public static let card = Card(
    "Wraps another rule: every k steps, the parameters return part of the way.",
    formula: "θ ← rule(θ);  every k-th step: φ ← φ + α·(θ − φ), θ ← φ",
    references: [
      "Zhang, Lucas, Hinton, Ba: Lookahead optimizer, k steps forward, 1 step back (2019), arXiv:1907.08610"
    ])

  @Field(.optimizer, "The wrapped rule, which takes the fast steps") var optimizer: any Optimizer = Adam()
  @Field("Number k of fast steps per slow step", .positive) var period = 5
  @Field("Fraction α of the way to keep", .in(0...1)) var share = 0.5

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
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
