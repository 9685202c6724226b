import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A fully connected layer that drops its units by a probability of their own, which follows from their inputs: what
/// hardly responds is dropped more often.
///
/// z = x·W + b; unit j is kept with the probability pⱼ = σ(α·zⱼ + β): yⱼ = f(zⱼ)·mⱼ, P(mⱼ = 1) = pⱼ. The network that
/// drops shares the weights W of the one it drops from, and is not trained: no derivative goes through mⱼ. In inference
/// yⱼ = f(zⱼ)·pⱼ, the mean. With α = 0 it is dropout at the rate 1 − σ(β) for all units, without its scale. Monte Carlo
/// inference draws masks. (Ba and Frey: Adaptive dropout for training deep neural networks, 2013.)
///
/// Shapes: as of ``Dense``.
public struct Standout: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields, DenseConfiguration {
    /// How many outputs.
    public var units = 8
    /// α.
    public var alpha = 1.0
    /// β.
    public var beta = 0.0
    /// f.
    public var activation: Specification = "relu"
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

  /// `"standout"`.
  public static let name = "standout"
  /// The number of units has no default.
  public static let required: Set<String> = ["units"]
  /// What is worth knowing.
  public static let card = Card(
    "A fully connected layer that drops a unit the more often the less it responds to its inputs.",
    formula: "yⱼ = f(zⱼ)·mⱼ,  P(mⱼ = 1) = σ(α·zⱼ + β),  z = x·W + b",
    fields: Dense.sharedFields.merging([
      "alpha": "How strongly the probability α follows a unit's input z; 0 for the same probability always.",
      "beta": "The bias β of the probability: σ(β) is kept of a unit at z = 0.",
    ]) { $1 },
    references: ["Ba, Frey: Adaptive dropout for training deep neural networks (2013)"])

  /// What computes z, and has f, which is applied here.
  let dense: Dense
  let alpha: Double
  let beta: Double

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    dense = try Dense(configuration.dense, in: registries)
    (alpha, beta) = (configuration.alpha, configuration.beta)
  }

  /// A dense layer, its activation included, and the probability's α and β.
  public init(_ dense: Dense, alpha: Double = 1, beta: Double = 0) {
    (self.dense, self.alpha, self.beta) = (dense, alpha, beta)
  }

  /// W and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try dense.declare(in: &builder, input: input)
  }

  /// The outputs, dropped while training, weighted by their probabilities in inference.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let z = dense.linear(input, parameters)
    let probability = (z * alpha + beta).sigmoid()
    let output = dense.activation(z)
    guard context.drops else { return output * probability }
    let mask = context.random(for: parameters).sample(probabilities: probability.value)
    return output * Variable(mask)
  }
}
