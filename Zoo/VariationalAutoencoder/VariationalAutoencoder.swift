import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// An autoencoder whose codes are drawn from normal distributions, so that it generates new examples from N(0, 1).
///
///     q(z | x) = N(μ(x), σ²(x)),   p(x | z) = Bernoulli(σ(f(z)))
///
/// Dense layers encode, `gaussian-code` draws, and as many dense layers decode. (Kingma and Welling: Auto-encoding
/// variational Bayes, 2014; Rezende, Mohamed and Wierstra, 2014.)
public struct VariationalAutoencoder: EncodingModel, GenerativeModel, Registrable {
  public static let name = "variational-autoencoder"
  public static let aliases = ["vae"]
  public static let card = Card(
    "An autoencoder whose codes are drawn from normal distributions, so that it generates new examples from noise.",
    formula: "−log p(x) ≤ E[loss(f(z), x)] + KL(N(μ, σ²) ‖ N(0, 1))",
    references: [
      "Kingma, Welling: Auto-encoding variational Bayes (2014), arXiv:1312.6114",
      "Rezende, Mohamed, Wierstra: Stochastic backpropagation and approximate inference (2014), arXiv:1401.4082",
    ],
    tags: ["unsupervised", "generative"])

  @Field("Units of the encoder's hidden layers; the decoder mirrors them", .positive.nonEmpty) var units = [400]
  @Field("Number of code units", .positive) var code = 20
  @Field(.activation, "Activation of the hidden layers") var activation: any Activation = Relu()
  @Field(.activation, "Activation of the output layer; identity for losses on logits")
  var outputActivation: any Activation = Identity()
  @Field(.initializer, "Initializer of all weights [in, out]; biases start at 0")
  var weightInitializer: any Initializer = GlorotUniform()
  @Field(
    .loss, "Reconstruction loss: sigmoid-cross-entropy for inputs from 0 to 1, mean-squared-error for any")
  var loss: any Loss = SigmoidCrossEntropy(reduction: .sum)
  @Field(.schedule, "Weight β of the divergence from N(0, 1), a number or a schedule", .nonNegative)
  var beta: any Schedule = 1.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [400], code: Int = 20, activation: any Activation = Relu(),
    outputActivation: any Activation = Identity(), weightInitializer: any Initializer = GlorotUniform(),
    loss: any Loss = SigmoidCrossEntropy(reduction: .sum), beta: any Schedule = 1.0
  ) throws {
    self.units = units
    self.code = code
    self.activation = activation
    self.outputActivation = outputActivation
    self.weightInitializer = weightInitializer
    self.loss = loss
    self.beta = beta
    self = try checked()
  }

  /// One stage, `"train"`, with the objective `variational-bound`.
  public var stages: [StageProposal] {
    get throws {
      let objective = try Specification(describing: VariationalBound(loss, beta: beta), isComplete: false)
      return [StageProposal("train", ["objective": objective.value])]
    }
  }

  /// Encoder, code, decoder.
  public func network(for task: LearningTask) throws -> any Layer {
    Sequential {
      for width in units { Dense(width, activation: activation, weightInitializer: weightInitializer) }
      Dense(2 * code, weightInitializer: weightInitializer)
      GaussianCode()
      for width in units.reversed() { Dense(width, activation: activation, weightInitializer: weightInitializer) }
      Dense(task.input.elementCount, activation: outputActivation, weightInitializer: weightInitializer)
    }
  }

  /// The means of the codes' distributions.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor {
    try model.layers(0..<(units.count + 2))(inputs)
  }

  /// The decoder's outputs as the loss interprets them.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    model.shapedAsInputs(loss.predictions(try model.layers((units.count + 2)..<(2 * units.count + 3))(codes)))
  }

  /// Decodes codes drawn from N(0, 1). There are no chains, so `start` and `steps` are ignored.
  public func samples(
    _ model: Model, count: Int, from start: Tensor?, steps: Int, random: RandomSource
  ) throws -> Tensor {
    try reconstructions(model, from: random["code"].normal([count, code], dtype: model.dtype))
  }
}
