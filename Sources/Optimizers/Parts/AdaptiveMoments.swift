import AviaryCore
import AviaryRegistry

/// The update shared by ``Adam`` and ``AdamW``: running means of the gradient and of its square, with bias correction.
///
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     θ ← θ − η·m̂ / (√v̂ + ε),   m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
///
/// The step t counts from 1. With AMSGrad, v̂ uses the largest v so far, so that steps never grow again.
struct AdaptiveMoments: FieldGroup {
  @Field("Decay rate β₁ of the mean of the gradient", .in(0..<1)) var beta1 = 0.9
  @Field("Decay rate β₂ of the mean of its square", .in(0..<1)) var beta2 = 0.999
  @Field("Small constant ε in the denominator", .positive) var epsilon = 1e-8
  @Field("Divides by the largest second moment so far (AMSGrad)") var amsgrad = false

  init() {}

  init(beta1: Double, beta2: Double, epsilon: Double, amsgrad: Bool) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.amsgrad = amsgrad
  }

  /// One step with learning rate η. `decay` applies weight decay to the parameter or to the gradient first.
  func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation, rate η: Double,
    decay: (_ θ: inout FusedValue, _ g: inout FusedValue) -> Void
  ) {
    let (β1, β2, ε) = (beta1, beta2, epsilon)
    state.step += 1
    let t = Double(state.step)
    let c1 = 1 - Mathematics.power(β1, t)
    let c2 = 1 - Mathematics.power(β2, t)

    func step(_ θ: inout FusedValue, _ m: inout FusedValue, _ v: inout FusedValue, _ g: FusedValue) -> FusedValue {
      var g = g
      decay(&θ, &g)
      m = β1 * m + (1 - β1) * g
      v = β2 * v + (1 - β2) * g.square()
      return v
    }

    if amsgrad {
      state.update(
        &parameters, "firstMoment", "secondMoment", "largestSecondMoment", reading: evaluation.gradient
      ) { θ, m, v, largest, g in
        largest = largest.maximum(step(&θ, &m, &v, g))
        θ -= η / c1 * m / ((largest / c2).sqrt() + ε)
      }
    } else {
      state.update(&parameters, "firstMoment", "secondMoment", reading: evaluation.gradient) { θ, m, v, g in
        let v̂ = step(&θ, &m, &v, g) / c2
        θ -= η / c1 * m / (v̂.sqrt() + ε)
      }
    }
  }
}
