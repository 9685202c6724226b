import AviaryCore
import AviaryRegistry

/// Gradient descent without a learning rate to tune: it estimates the optimal rate from the gradient's mean and
/// variance and the curvature, for each parameter (vSGD-l), each parameter tensor (vSGD-b), or all together (vSGD-g).
///
/// With running means of weight 1/τ and the absolute curvature h of each parameter:
///
/// ```text
/// ḡ ← (1 − 1/τ)·ḡ + g/τ;   v ← (1 − 1/τ)·v + g²/τ;   h̄ ← (1 − 1/τ)·h̄ + h/τ
/// η = ḡ² / (h̄·v);   τ ← (1 − ḡ²/v)·τ + 1;   θ ← θ − η·g
/// ```
///
/// For tensors and for all parameters, v is the mean of ‖g‖², Σḡ² replaces ḡ², and the largest h̄ replaces h̄. The
/// first n₀ steps only gather statistics: afterwards the means are those of n₀ gradients, τ = n₀, and v is multiplied
/// by C, so that the first rates are small. The paper has C = d/10 for d parameters, which is right for rates of their own
/// (`element`), whose steps add up; one rate for all is safe with the default 20, and trains every kind of network in the
/// zoo. Batches may have any size.
///
/// If each parameter has its own rate, it also has its own slow start, over its first n₀ nonzero gradients: the rate of
/// a weight whose input is rarely active would otherwise depend on a single sample of the curvature.
///
/// The evaluation supplies the curvature: the Gauss–Newton approximation, as in the paper, if the objective knows its
/// model's outputs. State: `mean`, `squares`, `curvature`, `memory`, and for elements `seen`.
public struct VSGD: Optimizer, Registrable {
  /// The parameters that share a learning rate.
  public enum Sharing: String, CaseIterable, FieldValue {
    /// None; each has its own rate: vSGD-l.
    case element
    /// Those of a parameter tensor: vSGD-b.
    case tensor
    /// All: vSGD-g.
    case all
  }

  public static let name = "vsgd"
  public static let card = Card(
    "Gradient descent that finds its learning rates from the gradient's variance and the curvature.",
    formula: "η = ḡ² / (h̄·v);  τ ← (1 − ḡ²/v)·τ + 1;  θ ← θ − η·g",
    references: ["Schaul, Zhang, LeCun: No more pesky learning rates (2013), arXiv:1206.1106"])

  @Field("Parameters that share a learning rate: none (element), those of a tensor, or all") var sharing = Sharing
    .all
  @Field("Number n₀ of initial steps that only gather statistics", .positive) var slowStart = 10
  @Field("Initial factor C of the mean of squares, for small first rates", .atLeast(1)) var caution = 20.0
  @Field("Least curvature", .positive) var epsilon = 1e-6

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    sharing: Sharing = .all, slowStart: Int = 10, caution: Double = 20, epsilon: Double = 1e-6
  ) throws {
    self.sharing = sharing
    self.slowStart = slowStart
    self.caution = caution
    self.epsilon = epsilon
    self = try checked()
  }

  /// The curvature, and the layout of the parameters.
  public var needs: Set<Evaluation.Capability> { [.diagonalCurvature, .layout] }

  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    let (g, h) = (evaluation.gradient, try evaluation.diagonalCurvature())
    let blocks =
      sharing == .tensor
      ? evaluation.layout(of: parameters) : [ParameterBlock("all", offset: 0, shape: [parameters.elementCount])]
    state.step += 1
    if sharing == .element {
      moveElements(&parameters, &state, g, h)
    } else if state.step > slowStart {
      for block in blocks { move(&parameters, &state, block, g, h) }
    } else {
      look(&state, g, lengths(of: g, blocks), h)
    }
  }

  /// A step in which each element has its own rate and its own slow start, over its first n₀ nonzero gradients.
  private func moveElements(_ parameters: inout Tensor, _ state: inout OptimizerState, _ g: Tensor, _ h: Tensor) {
    let n = Double(slowStart)
    let names = ["mean", "squares", "curvature", "memory", "seen"]
    state.update(&parameters, names, reading: [g, h]) { θ, means, read in
      let isActive = read[0].abs().isGreater(than: 0)
      means[4] = (means[4] + isActive).minimum(n + 1)
      let isStarted = means[4].isGreater(than: n)
      let w = isStarted.choosing(1 / means[3], otherwise: isActive / means[4].maximum(1))
      means[0] += w * (read[0] - means[0])
      means[1] += w * (read[0].square() - means[1])
      means[2] += w * (read[1] - means[2])
      // The last step of the slow start.
      let isReady = (isActive - isStarted) * means[4].isGreater(than: n - 0.5)
      means[1] = isReady.isGreater(than: 0.5).choosing(caution * means[1], otherwise: means[1])
      let share = isStarted.choosing(means[0].square() / means[1].maximum(1e-37), otherwise: 0)
      means[3] = isStarted.choosing((1 - share) * means[3] + 1, otherwise: n)
      θ -= share / means[2].maximum(epsilon) * read[0]
    }
  }

  /// A step of the slow start for tensors or all parameters.
  private func look(_ state: inout OptimizerState, _ g: Tensor, _ squares: Tensor, _ h: Tensor) {
    let w = 1 / Double(state.step)
    let excess = state.step == slowStart ? caution : 1
    // Parameters do not change, so the pass changes the first state vector in their place.
    state.withVector("mean", like: g) { mean, state in
      state.update(&mean, ["squares", "curvature", "memory"], reading: [g, squares, h]) { mean, means, read in
        mean += w * (read[0] - mean)
        means[0] = excess * (means[0] + w * (read[1] - means[0]))
        means[1] += w * (read[2] - means[1])
        means[2] = 0 * means[2] + Double(slowStart)
      }
    }
  }

  /// A vector with ‖g‖² of each block at all of the block's positions.
  private func lengths(of g: Tensor, _ blocks: [ParameterBlock]) -> Tensor {
    var lengths = g
    for block in blocks {
      let length = block.piece(of: g).euclideanNorm()
      lengths.withFlatPiece(from: block.offset, count: block.count) { piece in
        Tensor.update(&piece) { g in g = 0 * g + length * length }
      }
    }
    return lengths
  }

  /// A step for a block of parameters with one learning rate: v and τ are the same at all of its positions.
  private func move(
    _ parameters: inout Tensor, _ state: inout OptimizerState, _ block: ParameterBlock, _ g: Tensor, _ h: Tensor
  ) {
    guard block.count > 0, let memory = state.tensors["memory"], let squares = state.tensors["squares"] else { return }
    func first(_ vector: Tensor) -> Double { vector.flatView(from: block.offset, shape: []).item() }
    func change(_ name: String, _ body: (inout Tensor) -> Void) {
      state.withVector(name, like: g) { vector, _ in
        vector.withFlatPiece(from: block.offset, count: block.count, body)
      }
    }
    let (g, h) = (block.piece(of: g), block.piece(of: h))
    let w = 1 / first(memory)
    let length = g.euclideanNorm()
    let v = (1 - w) * first(squares) + w * length * length
    var (ḡ, largest) = (0.0, 0.0)
    change("mean") { mean in
      Tensor.update(&mean, reading: g) { mean, g in mean = (1 - w) * mean + w * g }
      ḡ = mean.euclideanNorm()
    }
    change("curvature") { mean in
      Tensor.update(&mean, reading: h) { mean, h in mean = (1 - w) * mean + w * h }
      largest = mean.max().item()
    }
    let share = v > 0 ? ḡ * ḡ / v : 0
    let τ = (1 - share) / w + 1
    change("squares") { Tensor.update(&$0) { $0 = 0 * $0 + v } }
    change("memory") { Tensor.update(&$0) { $0 = 0 * $0 + τ } }
    let η = share / max(largest, epsilon)
    parameters.withFlatPiece(from: block.offset, count: block.count) { θ in
      Tensor.update(&θ, reading: g) { θ, g in θ -= η * g }
    }
  }
}
