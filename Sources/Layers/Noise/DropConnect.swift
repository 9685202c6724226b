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
  public enum Masks: String, Sendable, CaseIterable, Codable {
    /// All examples of a batch.
    case batch
    /// None: every example has its own.
    case example
  }

  /// How inference stands for the mean over all masks.
  public enum Inference: String, Sendable, CaseIterable, Codable {
    /// The function of the mean input.
    case mean
    /// The mean of the function over a normal distribution of its input.
    case gaussian
  }

  /// The layer's configuration.
  public struct Configuration: ConfigurationFields, DenseConfiguration {
    /// How many outputs.
    public var units = 8
    /// The share of dropped weights, or a schedule of it.
    public var rate: NumberOrSpecification = 0.5
    /// What shares a mask.
    public var masks = Masks.batch
    /// How inference stands for the mean over all masks.
    public var inference = Inference.mean
    /// The steps of the integral of `gaussian`.
    public var samples = 33
    /// f.
    public var activation: Specification = "identity"
    /// Adds b.
    public var bias = true
    /// W at the beginning.
    public var weightInitializer: Specification = "glorot-uniform"
    /// b at the beginning.
    public var biasInitializer: Specification = "zeros"
    /// What is added to the loss for W.
    public var weightRegularizer: Specification?
    /// What is imposed on W after each update.
    public var weightConstraint: Specification?

    /// Eight units, and the defaults.
    public init() {}
  }

  /// `"drop-connect"`.
  public static let name = "drop-connect"
  /// The number of units has no default.
  public static let required: Set<String> = ["units"]
  /// What is worth knowing.
  public static let card = Card(
    "A fully connected layer that drops single weights while training.",
    formula: "y = f(x·(W ∘ M) + b ∘ m),  P(M = 0) = P(m = 0) = rate",
    fields: Dense.sharedFields.merging([
      "rate": "The share of dropped weights and biases, at least 0 and below 1: a number or a schedule.",
      "masks":
        "batch: all examples of a batch share a mask; example: each has its own, as in the paper, many times slower.",
      "inference": "mean: f of the mean input; gaussian: the mean of f over the input's normal distribution.",
      "samples": "How many steps the integral of gaussian takes, at least 2.",
    ]) { $1 },
    references: [
      "Wan, Zeiler, Zhang, LeCun, Fergus: Regularization of neural networks using DropConnect (2013)"
    ])

  /// W, b and f.
  let dense: Dense
  let rate: ScheduledNumber
  let masks: Masks
  let inference: Inference
  let samples: Int

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    dense = try Dense(configuration.dense, in: registries)
    rate = try registries.rate(configuration.rate)
    (masks, inference) = (configuration.masks, configuration.inference)
    samples = try Check.value(configuration.samples, in: DropConnect.sampleRange, "samples")
  }

  private static let sampleRange = 2...10_000

  /// A dense layer, its activation included, and how its weights are dropped: half of them, one mask for a batch, the
  /// mean network in inference, unless given. Traps unless the rate is in 0..<1, there are from 2 to 10000 samples, and
  /// the weight is the layer's own.
  public init(
    _ dense: Dense, rate: any Schedule = 0.5, masks: Masks = .batch, inference: Inference = .mean, samples: Int = 33,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      DropConnect.sampleRange.contains(samples), "\(samples) samples; there are \(DropConnect.sampleRange)", file, line)
    require(dense.tiedTo == nil, "a weight that is dropped and tied to '\(dense.tiedTo ?? "")'", file, line)
    (self.dense, self.rate, self.masks) = (dense, rate.checkedRate(file, line), masks)
    (self.inference, self.samples) = (inference, samples)
  }

  /// W and b, and p where it changes.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try dense.declare(in: &builder, input: input)
    builder.schedule(rate)
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
      ? parameters["keep"].value.item() : 1 - rate.value(at: context.progress, in: parameters.path)
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
    guard dense.hasBias else { return dense.activation(product) }
    let bias = parameters["bias"]
    let rows = masks == .batch ? bias.shape : product.shape
    return dense.activation(product + masked(bias.broadcast(to: rows), "bias"))
  }

  private func mean(_ input: Variable, _ parameters: Parameters, keep p: Double) -> Variable {
    let mean = dense.linear(input, parameters) * p
    guard inference == .gaussian, p < 1 else { return dense.activation(mean) }
    var squares = input.flattenedRows().square().matmul(parameters["weight"].square())
    if dense.hasBias { squares = squares + parameters["bias"].square() }
    // Not quite 0, where the root has no derivative.
    let deviation = (squares * (p * (1 - p)) + 1e-30).sqrt()
    let places = Tensor.linearSpace(from: -8, to: 8, count: samples, dtype: .float64)
    let density = (places.square() * -0.5).exp()
    let weights = density / density.sum()
    var output: Variable?
    for (place, weight) in zip(places.scalars(as: Double.self), weights.scalars(as: Double.self)) {
      let term = dense.activation(mean + deviation * place) * weight
      output = output.map { $0 + term } ?? term
    }
    return output ?? dense.activation(mean)
  }
}
