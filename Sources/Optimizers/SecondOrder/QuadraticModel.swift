import AviaryCore
import AviaryRegistry

/// How a Newton step is kept in the region where the quadratic model of the loss is accurate.
public enum StepControl: String, CaseIterable, FieldValue {
  /// Limits the step to a radius Δ, which grows after good steps and shrinks after bad ones.
  case trustRegion = "trust-region"
  /// Adds λ·I to the curvature, with a λ that shrinks after good steps and grows after bad ones (Levenberg, Marquardt).
  case damping
  /// Does not limit the step.
  case none
}

/// Controlled steps to the minimum of the quadratic model m(p) = g·p + ½·p·B·p, given products with B.
///
/// Each step solves B·p = −g by conjugate gradients until ‖B·p + g‖ ≤ min(½, √‖g‖, `tolerance`)·‖g‖. With the ratio r =
/// (f(θ) − f(θ + p)) / −m(p) of the actual to the predicted decrease:
///
/// ```text
/// trust-region   ‖p‖ ≤ Δ, to the boundary along directions of nonpositive curvature (Steihaug);
///                Δ ← ‖p‖/4 if r < ¼, min(2Δ, greatest) if r > ¾ and ‖p‖ = Δ
/// damping        (B + λ·I)·p = −g;  λ ← 3λ/2 if r < ¼, 2λ/3 if r > ¾ (Martens, 2010)
/// ```
///
/// A step is taken if the loss decreases (r > 10⁻⁴). Without control, every step is taken, to a saddle or a maximum as
/// readily as to a minimum.
struct QuadraticModel: FieldGroup {
  @Field("Step control: trust-region, damping or none") var control = StepControl.trustRegion
  @Field("Initial radius Δ of the trust region", .positive) var radius = 1.0
  @Field("Maximum radius of the trust region", .positive) var greatestRadius = 100.0
  @Field("Initial damping λ", .positive) var damping = 1.0
  @Field("Maximum number of products with the curvature per step", .positive) var products = 100
  @Field("Maximum residual of a step's equation, relative to ‖g‖", .between(0, 1)) var tolerance = 0.5

  init() {}

  init(_ control: StepControl) { self.control = control }

  func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation,
    _ product: (Tensor) throws -> Tensor
  ) throws {
    guard let loss = evaluation.loss else { trap("the evaluation has no loss; see Optimizer.needs") }
    let Δ = state.numbers["radius"] ?? radius
    let λ = state.numbers["damping"] ?? damping
    (state.numbers["radius"], state.numbers["damping"]) = (Δ, λ)
    state.step += 1
    let g = evaluation.gradient
    guard g.euclideanNorm() > 0 else { return }
    let (p, Bp, isAtEdge) = try solve(g, limit: control == .trustRegion ? Δ : .infinity) { p in
      control == .damping ? try product(p).adding(λ, times: p) : try product(p)
    }
    guard control != .none else {
      Tensor.update(&parameters, reading: p) { θ, p in θ += p }
      return
    }
    let promised = -(g.dot(p) + 0.5 * p.dot(Bp))
    let there = parameters.adding(1, times: p)
    let found = try evaluation.lossAndGradient(at: there).loss
    let share = found.isFinite && promised > 0 ? (loss - found) / promised : -1
    if share < 0.25 {
      (state.numbers["radius"], state.numbers["damping"]) = (p.euclideanNorm() / 4, λ * 1.5)
    } else if share > 0.75 {
      (state.numbers["radius"], state.numbers["damping"]) = (isAtEdge ? min(2 * Δ, greatestRadius) : Δ, λ / 1.5)
    }
    if share > 1e-4 { parameters = there }
  }

  /// Solves by conjugate gradients from p = 0: returns p, B·p, and whether ‖p‖ is the limit.
  private func solve(
    _ g: Tensor, limit: Double, _ product: (Tensor) throws -> Tensor
  ) throws -> (p: Tensor, Bp: Tensor, isAtEdge: Bool) {
    let zeros = Tensor.zeros(g.shape, dtype: g.dtype)
    var (p, Bp, residual, direction) = (zeros, zeros, g, -g)
    var square = g.dot(g)
    let size = square.squareRoot()
    let goal = min(tolerance, 0.5, size.squareRoot()) * size
    for _ in 0..<products {
      let Bd = try product(direction)
      let curvature = direction.dot(Bd)
      guard curvature > 0 || control == .none && curvature != 0 else {
        guard limit.isFinite else {
          // Without a boundary, takes the negative gradient if there is no better direction yet.
          return square.squareRoot() == size ? (-g, try product(-g), false) : (p, Bp, false)
        }
        let t = Self.distance(from: p, along: direction, to: limit)
        return (p.adding(t, times: direction), Bp.adding(t, times: Bd), true)
      }
      let t = square / curvature
      let next = p.adding(t, times: direction)
      if next.euclideanNorm() >= limit {
        let t = Self.distance(from: p, along: direction, to: limit)
        return (p.adding(t, times: direction), Bp.adding(t, times: Bd), true)
      }
      (p, Bp) = (next, Bp.adding(t, times: Bd))
      residual = residual.adding(t, times: Bd)
      let rest = residual.dot(residual)
      if rest.squareRoot() <= goal { break }
      direction = (-residual).adding(rest / square, times: direction)
      square = rest
    }
    return (p, Bp, false)
  }

  /// The t for which ‖p + t·d‖ is the limit.
  private static func distance(from p: Tensor, along d: Tensor, to limit: Double) -> Double {
    let (a, b, c) = (d.dot(d), p.dot(d), p.dot(p) - limit * limit)
    return (-b + max(0, b * b - a * c).squareRoot()) / a
  }
}
