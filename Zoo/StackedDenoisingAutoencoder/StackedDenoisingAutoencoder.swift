import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A classifier whose hidden layers are trained one by one, each as a denoising autoencoder of what those below make of
/// the data, before all are trained together with labels.
///
/// Stages `pretrain-1` … `pretrain-k`, one a hidden layer, with the objective `reconstruction`; then `fine-tune`,
/// supervised. (Vincent, Larochelle, Lajoie, Bengio and Manzagol: Stacked denoising autoencoders, 2010.)
public struct StackedDenoisingAutoencoder: EncodingModel, Registrable {
  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// Units of the hidden layers.
    public var units = [256, 256]
    /// f.
    public var activation: Specification = "sigmoid"
    /// g.
    public var outputActivation: Specification = "identity"
    /// Decodes by the encoder's weight, transposed.
    public var tied = true
    /// One for all layers or one for each, the last included.
    public var weightInitializers: [Specification] = ["glorot-uniform"]
    /// How wrong a reconstruction is.
    public var loss = Specification("sigmoid-cross-entropy", ["reduction": "sum"])
    /// What becomes of a hidden layer's inputs while it is pretrained: one for all or one for each; none corrupts nothing.
    public var corruptions = [Specification("masking-noise", ["rate": 0.3])]

    /// Two hidden layers of 256 sigmoid units, three tenths of their inputs masked.
    public init() {}
  }

  /// `"stacked-denoising-autoencoder"`.
  public static let name = "stacked-denoising-autoencoder"
  /// What is worth knowing.
  public static let card = Card(
    "A classifier whose hidden layers are first trained one by one as denoising autoencoders.",
    formula: "hₖ = f(hₖ₋₁·Wₖ + cₖ), each to reproduce hₖ₋₁ by g(hₖ·Wₖᵀ + bₖ);  then p = softmax(hₙ·W + b)",
    fields: [
      "units": "Units of the hidden layers, each at least 1; at least one layer.",
      "activation": "The function f of the hidden units.",
      "outputActivation": "The function g of the way back; the identity for losses that take logits.",
      "tied": "Goes back by the transposed weight; otherwise by a weight of its own.",
      "weightInitializers": "Draws the initial weights: one for all layers or one for each, the last included.",
      "loss": "How wrong a reconstruction is: sigmoid-cross-entropy for inputs in [0, 1], mean-squared-error for any.",
      "corruptions": "What corrupts a hidden layer's inputs while it is pretrained, layers without parameters: one for "
        + "all, one for each, or none at all.",
    ],
    references: [
      "Vincent, Larochelle, Lajoie, Bengio, Manzagol: Stacked denoising autoencoders (2010), JMLR 11:3371-3408"
    ], tags: ["classifier", "pretraining"])

  let units: [Int]
  private let layers: [AutoencoderLayer]
  let outputInitializer: any Initializer
  let loss: any Loss
  /// `"pretrain-1"` … and `"fine-tune"`.
  public let stages: [StageProposal]

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    units = try Check.widths(Check.nonEmpty(configuration.units, "units"), "units")
    let activation = try registries.make(.activation, configuration.activation)
    let outputActivation = try registries.make(.activation, configuration.outputActivation)
    let initializers = try registries.perLayer(
      .initializer, configuration.weightInitializers, count: units.count + 1, "weightInitializers")
    layers = zip(units, initializers).map { width, initializer in
      AutoencoderLayer(
        width, activation: activation, outputActivation: outputActivation, tied: configuration.tied,
        weightInitializer: initializer)
    }
    outputInitializer = initializers[units.count]
    loss = try registries.make(.loss, configuration.loss)
    let corruptions = configuration.corruptions
    try Check.that(
      corruptions.count <= 1 || corruptions.count == units.count, "corruptions",
      "none, one, or one for each of \(units.count) hidden layers", found: corruptions.count)
    for corruption in corruptions { _ = try registries.make(.layer, corruption) }
    let pretraining = StageProposal.greedy(units.count, of: AutoencoderLayer.name) { place in
      .reconstructing(
        loss: configuration.loss, corruption: corruptions.count > 1 ? corruptions[place] : corruptions.first)
    }
    // Decoders of their own would only cost time.
    let tuned: ConfigurationObject =
      configuration.tied ? [:] : ["parameters": ["*.weight", "*.hidden-bias", "*.bias"]]
    stages = pretraining + [StageProposal("fine-tune", tuned)]
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// Autoencoders, and a linear unit a class.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    return Sequential {
      layers.map { $0 as any Layer }
      Dense(classes, weightInitializer: outputInitializer)
    }
  }

  /// The outputs of the last hidden layer.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try model.layers(0..<units.count)(inputs) }

  /// Back through all autoencoders; true to the inputs as far as the fine-tuning has left the encoders alone.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    var values = codes
    for place in units.indices.reversed() {
      let layer = try model.part(Sequential.name(of: AutoencoderLayer.name, at: place)).part
      guard let output = layer.decode(values) else { continue }
      values = loss.predictions(output)
    }
    return model.shapedAsInputs(values)
  }
}
