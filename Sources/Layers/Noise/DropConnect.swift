import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A fully connected layer that drops single weights and biases while training: y = f(x·(W ∘ M) + b ∘ m),
/// P(M = 0) = P(m = 0) = rate, without a scale.
///
/// The paper draws masks of its own for each example, which takes a random number for each weight and example; masks
/// that a batch shares take the time of ``Dense``. With p = 1 − rate, inference is either the mean network f(p·(x·W +
/// b)), or the paper's: a unit's input is a sum of many independent numbers, close to a normal one of the mean μ =
/// p·(x·W + b) and the variance σ² = p·(1 − p)·(x²·W² + b²), and its output the mean of f over that. The paper draws
/// samples; here the mean is an integral over `samples` even steps from −8σ to 8σ, which has no noise. It holds for
/// functions f of one unit, not for a softmax. Monte Carlo inference draws masks as in training. Of a rate that is a
/// schedule, inference takes the value of the last training step, which is kept as the state `keep`. (Wan, Zeiler,
/// Zhang, LeCun and Fergus: Regularization of neural networks using DropConnect, 2013.)
///
/// Shapes: as of ``Dense``; where the rate is a schedule, the state `keep` is one number, p.
public struct DropConnect: Layer, Registrable {
  /// What shares a mask.
  public enum Masks: String, CaseIterable, FieldValue {
    /// All examples of a batch.
    case batch
    /// None: every example has its own.
    case example
  }

  /// How inference stands for the mean over all masks.
  public enum Inference: String, CaseIterable, FieldValue {
    /// The function of the mean input.
    case mean
    /// The mean of the function over a normal distribution of its input.
    case gaussian
  }

  public static let name = "drop-connect"
  public static let card = Card(
    "A fully connected layer that drops single weights while training.",
    formula: "y = f(x·(W ∘ M) + b ∘ m),  P(M = 0) = P(m = 0) = rate",
    references: [
      "Wan, Zeiler, Zhang, LeCun, Fergus: Regularization of neural networks using DropConnect (2013)"
    ])

  /// W, b and f.
  var map = AffineMap()
  @Field(.schedule, "Share of dropped weights and biases, a number or a schedule", .in(0..<1)) var rate: any Schedule =
    0.5
  @Field("What shares a mask: batch, all its examples; example, nothing, as in the paper, many times slower")
  var masks = Masks.batch
  @Field("mean: f of the mean input; gaussian: the mean of f over the input's normal distribution")
  var inference = Inference.mean
  @Field("Number of steps of the integral of gaussian", .in(2...10_000)) var samples = 33

  public init() {}

  private static let sampleRange = 2...10_000

  /// A dense layer, its activation included, and how its weights are dropped: half of them, one mask for a batch, the
  /// mean network in inference, unless given. Traps unless the rate is in 0..<1, there are from 2 to 10000 samples, and
  /// the weight is the layer's own.
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

  /// W and b, and p where it changes.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try map.declare(in: &builder, input: input)
    if isAnnealed { try builder.state("keep", initial: keep(at: TrainingProgress(), builder.dtype)) }
    return output
  }

  /// Whether the rate may change.
  private var isAnnealed: Bool { rate.range.map { $0.lowerBound < $0.upperBound } ?? true }

  private func keep(at progress: TrainingProgress, _ dtype: DType) -> Tensor {
    Tensor(repeating: 1 - rate.value(at: progress), shape: [], dtype: dtype)
  }

  /// The outputs by the weights that are left while training, their mean in inference.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    if isAnnealed, context.isTraining {
      context.update("keep", of: parameters, to: keep(at: context.progress, input.dtype))
    }
    // The progress is the training's alone: inference does not know how far it came.
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
    // Not quite 0, where the root has no derivative.
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
