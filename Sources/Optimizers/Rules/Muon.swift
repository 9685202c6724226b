import AviaryCore
import AviaryRegistry

/// Momentum with an orthogonalized step for each matrix, so that all its directions change equally; vectors use AdamW.
///
///     m ← μ·m + (1 − μ)·g
///     u = μ·m + (1 − μ)·g with Nesterov, else m
///     w ← (1 − η·λ)·w − 0.2·√max(rows, columns)·η·O(u)
///
/// This applies to each parameter of two axes or more, as a matrix of its last axis by the others. O(u) brings the
/// singular values near 1 by Newton–Schulz steps, starting from u/‖u‖:
///
///     X ← a·X + (b·XXᵀ + c·(XXᵀ)²)·X,   (a, b, c) = (3.4445, −4.775, 2.0315)
///
/// The factor 0.2·√max(…) matches the size of AdamW's steps. AdamW, with β₁ = 0.9 and β₂ = 0.95, updates biases and
/// other vectors with the same learning rate.
///
/// The defaults: η = 0.001, μ = 0.95, λ = 0.1, 5 steps. State: `firstMoment`, and `secondMoment` for vectors.
public struct Muon: Optimizer, Registrable {
  public static let name = "muon"
  public static let card = Card(
    "Momentum with an orthogonalized step for each matrix; vectors use AdamW.",
    formula: "m ← μ·m + (1 − μ)·g;  w ← (1 − η·λ)·w − 0.2·√max(rows, columns)·η·O(μ·m + (1 − μ)·g)",
    references: [
      "Jordan et al.: Muon, an optimizer for hidden layers in neural networks (2024)",
      "Liu et al.: Muon is scalable for LLM training (2025), arXiv:2502.16982",
    ])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.001
  @Field(.schedule, "Momentum μ of matrices", .in(0..<1)) var momentum: any Schedule = 0.95
  @Field("Uses Nesterov momentum") var nesterov = true
  @Field("Number of Newton–Schulz steps", .in(1...20)) var iterations = 5
  @Field(.schedule, "Weight decay λ; subtracts η·λ·w", .nonNegative) var weightDecay: any Schedule = 0.1

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.001, momentum: any Schedule = 0.95, nesterov: Bool = true, iterations: Int = 5,
    weightDecay: any Schedule = 0.1
  ) throws {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.iterations = iterations
    self.weightDecay = weightDecay
    self = try checked()
  }

  /// The layout of the parameters.
  public var needs: Set<Evaluation.Capability> { [.layout] }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let λ = weightDecay.value(at: progress)
    let μ = momentum.value(at: progress)
    state.step += 1
    let step = Double(state.step)
    state.withVector("firstMoment", like: parameters) { first, state in
      state.withVector("secondMoment", like: parameters) { second, _ in
        for block in evaluation.layout(of: parameters) {
          let gradient = block.piece(of: evaluation.gradient)
          parameters.withFlatPiece(from: block.offset, count: block.count) { w in
            Tensor.update(&w) { w in w = (1 - η * λ) * w }
            first.withFlatPiece(from: block.offset, count: block.count) { m in
              if block.isMatrix {
                moveMatrix(&w, &m, gradient, block, η, μ)
              } else {
                second.withFlatPiece(from: block.offset, count: block.count) {
                  moveVector(&w, &m, &$0, gradient, η, step)
                }
              }
            }
          }
        }
      }
    }
  }

  private func moveMatrix(
    _ w: inout Tensor, _ m: inout Tensor, _ gradient: Tensor, _ block: ParameterBlock, _ η: Double, _ μ: Double
  ) {
    // Starts as the gradient and becomes the direction.
    var direction = gradient
    Tensor.update(&direction, &m, reading: gradient) { u, m, g in
      m = μ * m + (1 - μ) * g
      u = nesterov ? μ * m + (1 - μ) * g : m
    }
    let columns = block.shape[-1]
    let rows = block.count / columns
    let orthogonal = orthogonalized(direction.reshaped(to: [rows, columns])).reshaped(to: [block.count])
    let rate = 0.2 * η * Double(max(rows, columns)).squareRoot()
    Tensor.update(&w, reading: orthogonal) { w, u in w -= rate * u }
  }

  private func moveVector(
    _ w: inout Tensor, _ m: inout Tensor, _ v: inout Tensor, _ gradient: Tensor, _ η: Double, _ step: Double
  ) {
    let (β1, β2, ε) = (0.9, 0.95, 1e-8)
    let (c1, c2) = (1 - Mathematics.power(β1, step), 1 - Mathematics.power(β2, step))
    Tensor.update(&w, &m, &v, reading: gradient) { w, m, v, g in
      m = β1 * m + (1 - β1) * g
      v = β2 * v + (1 - β2) * g.square()
      w -= η / c1 * m / ((v / c2).sqrt() + ε)
    }
  }

  /// The orthogonalized matrix O(u).
  private func orthogonalized(_ u: Tensor) -> Tensor {
    let isTall = u.shape[0] > u.shape[1]
    let norm = u.euclideanNorm()
    guard norm > 0 else { return u }
    var x = (isTall ? u.transposed() : u) / norm
    for _ in 0..<iterations {
      let a = x.matmul(x, transposingRight: true)
      let b = a * -4.775 + a.matmul(a) * 2.0315
      x = x * 3.4445 + b.matmul(x)
    }
    return isTall ? x.transposed() : x
  }
}
