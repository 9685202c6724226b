import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// An ``Autoencoder`` that reconstructs its inputs from corrupted ones, and so has to learn the structure of the data.
///
///     h = f(x̃·W + c),   z = g(h·Wᵀ + b),   loss(z, x)
///
/// where x̃ is the corrupted x. (Vincent, Larochelle, Bengio and Manzagol: Extracting and composing robust features
/// with denoising autoencoders, 2008.)
public struct DenoisingAutoencoder: EncodingModel, Registrable {
  public static let name = "denoising-autoencoder"
  public static let card = Card(
    "An autoencoder that reconstructs its inputs from corrupted ones.",
    formula: "h = f(x̃·W + c),  z = g(h·Wᵀ + b),  loss(z, x)",
    references: [
      "Vincent, Larochelle, Bengio, Manzagol: Extracting and composing robust features with denoising autoencoders (2008)",
      "Vincent, Larochelle, Lajoie, Bengio, Manzagol: Stacked denoising autoencoders (2010), JMLR 11:3371-3408",
    ], tags: ["unsupervised"])

  var autoencoder = DenoisingAutoencoder.standard

  private static var standard: Autoencoder {
    var autoencoder = Autoencoder()
    autoencoder.corruption = MaskingNoise(0.3)
    return autoencoder
  }

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [64], activation: any Activation = Sigmoid(), codeActivation: (any Activation)? = nil,
    outputActivation: any Activation = Identity(), tied: Bool = true,
    weightInitializer: any Initializer = GlorotUniform(), loss: any Loss = SigmoidCrossEntropy(reduction: .sum),
    corruption: any Layer = MaskingNoise(0.3)
  ) throws {
    autoencoder = try Autoencoder(
      units: units, activation: activation, codeActivation: codeActivation, outputActivation: outputActivation,
      tied: tied, weightInitializer: weightInitializer, loss: loss, corruption: corruption)
  }

  public var stages: [StageProposal] { get throws { try autoencoder.stages } }

  /// Dense layers: the encoder's, then the decoder's.
  public func network(for task: LearningTask) throws -> any Layer { try autoencoder.network(for: task) }

  /// The encoder's outputs for uncorrupted inputs.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try autoencoder.codes(model, of: inputs) }

  /// The decoder's outputs as the loss interprets them.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try autoencoder.reconstructions(model, from: codes)
  }
}
