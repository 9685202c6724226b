import AviaryCore
import AviaryRegistry

/// What keeps a Newton step in the region where the quadratic model of the loss is right.
public enum StepControl: String, CaseIterable, FieldValue {
  /// A ball of radius Δ, larger after good steps and smaller after bad ones.
  case trustRegion = "trust-region"
  /// λ·I added to the curvature, less after good steps and more after bad ones (Levenberg, Marquardt).
  case damping
  /// Nothing: the plain step, wherever it leads.
  case none
}

/// Steps of the quadratic model m(p) = g·p + ½·p·B·p, which products with B tell, kept in check.
///
/// Each step solves B·p = −g by conjugate gradients until ‖B·p + g‖ ≤ min(½, √‖g‖)·‖g‖, or `tolerance`·‖g‖ where that is
/// less. With r = (f(θ) − f(θ + p)) / −m(p) the share of the promise that was kept:
///
/// ```text
/// trust-region   ‖p‖ ≤ Δ, to its edge along a direction without positive curvature (Steihaug);
///                Δ ← ‖p‖/4 where r < ¼, min(2Δ, greatest) where r > ¾ and ‖p‖ = Δ
/// damping        (B + λ·I)·p = −g;  λ ← 3λ/2 where r < ¼, 2λ/3 where r > ¾ (Martens, 2010)
/// ```
///
/// θ ← θ + p where the loss falls (r > 10⁻⁴); else θ stays. With neither, every step is made: the plain method goes to a
/// saddle or a maximum as readily as to a minimum.
struct QuadraticModel: FieldGroup {
  @Field("What keeps steps where the model is right") var control = StepControl.trustRegion
  @Field("Radius Δ of the first trust region", .positive) var radius = 1.0
  @Field("Largest radius of a trust region", .positive) var greatestRadius = 100.0
  @Field("Damping λ at the start", .positive) var damping = 1.0
  @Field("Products with the curvature a step, at most", .positive) var products = 100
  @Field("Greatest part of ‖g‖ that a solution of the step's equation may leave", .between(0, 1)) var tolerance = 0.5

  init() {}

  init(_ control: StepControl) { self.control = control }

  /// One step.
  func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation,
    _ product: (Tensor) throws -> Tensor
  ) throws {
    guard let loss = evaluation.loss else { trap("the evaluation does not know its loss; see Optimizer.needs") }
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

  /// p, B·p, and whether ‖p‖ is the limit: conjugate gradients from p = 0.
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
          // Without an edge: down the gradient if nothing else is known.
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

  /// How far it is along a direction to where ‖p + t·d‖ is the limit.
  private static func distance(from p: Tensor, along d: Tensor, to limit: Double) -> Double {
    let (a, b, c) = (d.dot(d), p.dot(d), p.dot(p) - limit * limit)
    return (-b + max(0, b * b - a * c).squareRoot()) / a
  }
}
