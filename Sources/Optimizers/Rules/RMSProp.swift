import AviaryCore
import AviaryRegistry

/// Gradient descent divided by a running root mean square of the gradient.
///
///     g ← ∇f(θ) + λ·θ
///     s ← ρ·s + (1 − ρ)·g²
///     v ← μ·v + g / (√s + ε)
///     θ ← θ − η·v
///
/// If centered, √(s − m²) with m ← ρ·m + (1 − ρ)·g replaces √s.
///
/// The rule and its defaults are PyTorch's: η = 0.01, ρ = 0.99, ε = 1e-8 outside the root (the lecture: η = 0.001, ρ =
/// 0.9; Keras: 0.001, 0.9, ε = 1e-7 under the root and η inside v). State: `squares`; `velocity` with momentum; `mean`
/// if centered.
public struct RMSProp: Optimizer, Registrable {
  public static let name = "rmsprop"
  public static let card = Card(
    "Gradient descent divided by a running root mean square of the gradient.",
    formula: "s ← ρ·s + (1 − ρ)·g²;  v ← μ·v + g / (√s + ε);  θ ← θ − η·v   (centered: √(s − m²), m ← ρ·m + (1 − ρ)·g)",
    references: [
      "Tieleman, Hinton: Lecture 6.5, RMSProp, Coursera: Neural networks for machine learning (2012)",
      "Graves: Generating sequences with recurrent neural networks (2013), arXiv:1308.0850",
    ])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.01
  @Field("Decay rate ρ of the mean of the squares", .in(0..<1)) var decay = 0.99
  @Field("Small constant ε in the denominator", .positive) var epsilon = 1e-8
  @Field(.schedule, "Momentum μ", .in(0..<1)) var momentum: any Schedule = 0.0
  @Field("Divides by the standard deviation of the gradient instead of its root mean square") var centered = false
  @Field(.schedule, "Weight decay λ; adds λ·θ to the gradient", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.01, decay: Double = 0.99, epsilon: Double = 1e-8, momentum: any Schedule = 0.0,
    centered: Bool = false, weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.momentum = momentum
    self.centered = centered
    self.weightDecay = weightDecay
    self = try checked()
  }

  /// Whether the momentum is ever other than 0.
  private var hasVelocity: Bool { momentum.range != 0...0 }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let μ = momentum.value(at: progress)
    let λ = weightDecay.value(at: progress)
    let gradient = evaluation.gradient
    switch (centered, hasVelocity) {
    case (false, false):
      state.update(&parameters, "squares", reading: gradient) { θ, s, g in
        let g = g.decayed(by: λ, of: θ)
        θ -= η * g / scale(&s, g)
      }
    case (false, true):
      state.update(&parameters, "squares", "velocity", reading: gradient) { θ, s, v, g in
        let g = g.decayed(by: λ, of: θ)
        v = μ * v + g / scale(&s, g)
        θ -= η * v
      }
    case (true, false):
      state.update(&parameters, "squares", "mean", reading: gradient) { θ, s, m, g in
        let g = g.decayed(by: λ, of: θ)
        θ -= η * g / scale(&s, &m, g)
      }
    case (true, true):
      state.update(&parameters, "squares", "mean", "velocity", reading: gradient) { θ, s, m, v, g in
        let g = g.decayed(by: λ, of: θ)
        v = μ * v + g / scale(&s, &m, g)
        θ -= η * v
      }
    }
    state.step += 1
  }

  /// The denominator √s + ε.
  private func scale(_ s: inout FusedValue, _ g: FusedValue) -> FusedValue {
    s = decay * s + (1 - decay) * g.square()
    return s.sqrt() + epsilon
  }

  /// The denominator √(s − m²) + ε. Clamps at 0, because rounding can make the variance of a nearly constant gradient
  /// negative.
  private func scale(_ s: inout FusedValue, _ m: inout FusedValue, _ g: FusedValue) -> FusedValue {
    s = decay * s + (1 - decay) * g.square()
    m = decay * m + (1 - decay) * g
    return (s - m.square()).clamped(to: 0...(.infinity)).sqrt() + epsilon
  }
}
