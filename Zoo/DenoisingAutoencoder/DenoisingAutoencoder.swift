import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// An ``Autoencoder`` that reproduces its inputs from corrupted ones, and so has to know how they hang together.
///
/// h = f(x̃·W + c), z = g(h·Wᵀ + b), loss(z, x), where x̃ is the corrupted x. (Vincent, Larochelle, Bengio and
/// Manzagol: Extracting and composing robust features with denoising autoencoders, 2008.)
public struct DenoisingAutoencoder: EncodingModel, Registrable {
  /// The model's configuration: an autoencoder's.
  public typealias Configuration = Autoencoder.Configuration

  /// `"denoising-autoencoder"`.
  public static let name = "denoising-autoencoder"
  /// An autoencoder's, with three tenths of the inputs masked.
  public static var defaults: Configuration {
    var configuration = Configuration()
    configuration.corruption = Specification("masking-noise", ["rate": 0.3])
    return configuration
  }
  /// What is worth knowing.
  public static let card = Card(
    "An autoencoder that reproduces its inputs from corrupted ones.",
    formula: "h = f(x̃·W + c),  z = g(h·Wᵀ + b),  loss(z, x)", fields: Autoencoder.fields,
    references: [
      "Vincent, Larochelle, Bengio, Manzagol: Extracting and composing robust features with denoising autoencoders (2008)",
      "Vincent, Larochelle, Lajoie, Bengio, Manzagol: Stacked denoising autoencoders (2010), JMLR 11:3371-3408",
    ], tags: ["unsupervised"])

  private let autoencoder: Autoencoder

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    autoencoder = try Autoencoder(configuration, in: registries)
  }

  /// One, `"train"`, with the objective `reconstruction`.
  public var stages: [StageProposal] { autoencoder.stages }

  /// Dense layers: the encoder's, then the decoder's.
  public func network(for task: LearningTask) throws -> any Layer { try autoencoder.network(for: task) }

  /// The outputs of the encoder's last layer for inputs as they are.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try autoencoder.codes(model, of: inputs) }

  /// The decoder's outputs, as the loss reads them.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try autoencoder.reconstructions(model, from: codes)
  }
}
