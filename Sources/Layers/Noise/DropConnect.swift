import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A fully connected layer that drops single weights and biases in training, without rescaling.
///
///     y = f(x·(W ∘ M) + b ∘ m),   P(M = 0) = P(m = 0) = rate
///
/// The paper draws a mask per example, which takes a random number for each weight and example; a mask shared by the
/// batch is as fast as ``Dense``. With p = 1 − rate, inference is either the mean network f(p·(x·W + b)), or the
/// paper's moment matching: a unit's input, a sum of many independent terms, is nearly normal with
///
///     μ = p·(x·W + b),   σ² = p·(1 − p)·(x²·W² + b²)
///
/// and the output is the mean of f over that distribution. The paper samples it; here it is an integral over `samples`
/// even steps from −8σ to 8σ, without noise. This holds for element-wise f, not for a softmax. Monte Carlo inference
/// draws masks as in training. If the rate is a schedule, inference uses its value at the last training step, stored in
/// the state `keep`. (Wan, Zeiler, Zhang, LeCun and Fergus: Regularization of neural networks using DropConnect, 2013.)
///
/// Shapes: as for ``Dense``; if the rate is a schedule, the state `keep` is one number, p.
public struct DropConnect: Layer, Registrable {
  /// The scope of a mask.
  public enum Masks: String, CaseIterable, FieldValue {
    /// All examples of a batch share one.
    case batch
    /// Each example has its own.
    case example
  }

  /// The approximation of the mean over all masks at inference.
  public enum Inference: String, CaseIterable, FieldValue {
    /// The activation of the mean input.
    case mean
    /// The mean of the activation over the input's normal distribution.
    case gaussian
  }

  public static let name = "drop-connect"
  public static let card = Card(
    "A fully connected layer that drops single weights in training.",
    formula: "y = f(x·(W ∘ M) + b ∘ m),  P(M = 0) = P(m = 0) = rate",
    references: [
      "Wan, Zeiler, Zhang, LeCun, Fergus: Regularization of neural networks using DropConnect (2013)"
    ])

  /// The map with W, b and f.
  var map = AffineMap()
  @Field(.schedule, "Drop rate of weights and biases, a number or a schedule", .in(0..<1)) var rate: any Schedule =
    0.5
  @Field("Scope of a mask: batch, all its examples; example, one per example as in the paper, many times slower")
  var masks = Masks.batch
  @Field("Inference: mean, f of the mean input; gaussian, the mean of f over the input's normal distribution")
  var inference = Inference.mean
  @Field("Number of integration steps for gaussian", .in(2...10_000)) var samples = 33

  public init() {}

  private static let sampleRange = 2...10_000

  /// A dense layer, including its activation, with dropped weights. By default drops half of them with one mask per
  /// batch and uses the mean network at inference. Traps unless the rate is in 0..<1, `samples` in 2...10000, and the
  /// weight untied.
  public init(
    _ dense: Dense, rate: any Schedule = 0.5, masks: Masks = .batch, inference: Inference = .mean, samples: Int = 33,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    map = dense.untied(for: Self.name, file, line)
    self.rate = rate
    self.masks = masks
    self.inference = inference
    self.samples = samples
    self = required(file: file, line: line)
  }

  /// Declares W, b, and p if it changes.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try map.declare(in: &builder, input: input)
    if isAnnealed { try builder.state("keep", initial: keep(at: TrainingProgress(), builder.dtype)) }
    return output
  }

  /// Whether the rate can change.
  private var isAnnealed: Bool { rate.range.map { $0.lowerBound < $0.upperBound } ?? true }

  private func keep(at progress: TrainingProgress, _ dtype: DType) -> Tensor {
    Tensor(repeating: 1 - rate.value(at: progress), shape: [], dtype: dtype)
  }

  /// The outputs with masked weights in training, their mean at inference.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    if isAnnealed, context.isTraining {
      context.update("keep", of: parameters, to: keep(at: context.progress, input.dtype))
    }
    // Reads p from the state, because inference does not know the training's progress.
    let keep =
      isAnnealed && !context.isTraining
      ? parameters["keep"].value.item() : 1 - rate.share(in: context, of: parameters)
    guard context.drops else { return mean(input, parameters, keep: keep) }
    let random = context.random(for: parameters)
    let (x, weight) = (input.flattenedRows(), parameters["weight"])
    func masked(_ value: Variable, _ purpose: String) -> Variable {
      Variable.applying(InvertedDropout(keep: keep, scale: 1, random: random[purpose]), value)
    }
    let product =
      switch masks {
      case .batch: x.matmul(masked(weight, "weight"))
      case .example: Variable.applying(MaskedProduct(keep: keep, random: random["weight"]), x, weight)
      }
    guard map.weights.bias else { return map.activation(product) }
    let bias = parameters["bias"]
    let rows = masks == .batch ? bias.shape : product.shape
    return map.activation(product + masked(bias.broadcast(to: rows), "bias"))
  }

  private func mean(_ input: Variable, _ parameters: Parameters, keep p: Double) -> Variable {
    let mean = map.linear(input, parameters) * p
    guard inference == .gaussian, p < 1 else { return map.activation(mean) }
    var squares = input.flattenedRows().square().matmul(parameters["weight"].square())
    if map.weights.bias { squares = squares + parameters["bias"].square() }
    // Keeps the root away from 0, where it has no derivative.
    let deviation = (squares * (p * (1 - p)) + 1e-30).sqrt()
    let places = Tensor.linearSpace(from: -8, to: 8, count: samples, dtype: .float64)
    let density = (places.square() * -0.5).exp()
    let weights = density / density.sum()
    var output: Variable?
    for (place, weight) in zip(places.scalars(as: Double.self), weights.scalars(as: Double.self)) {
      let term = map.activation(mean + deviation * place) * weight
      output = output.map { $0 + term } ?? term
    }
    return output ?? map.activation(mean)
  }
}
