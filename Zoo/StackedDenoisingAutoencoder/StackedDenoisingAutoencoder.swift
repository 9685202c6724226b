import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A classifier whose hidden layers are pretrained one by one, each as a denoising autoencoder on the outputs of the
/// layers below, before all train together with labels.
///
/// The stages `pretrain-1` … `pretrain-k`, one per hidden layer, have the objective `reconstruction`; `fine-tune` is
/// supervised. (Vincent, Larochelle, Lajoie, Bengio and Manzagol: Stacked denoising autoencoders, 2010.)
public struct StackedDenoisingAutoencoder: EncodingModel, Registrable {
  public static let name = "stacked-denoising-autoencoder"
  public static let card = Card(
    "A classifier whose hidden layers are pretrained one by one as denoising autoencoders.",
    formula: "hₖ = f(hₖ₋₁·Wₖ + cₖ), each pretrained to reconstruct hₖ₋₁ as g(hₖ·Wₖᵀ + bₖ);  then p = softmax(hₙ·W + b)",
    references: [
      "Vincent, Larochelle, Lajoie, Bengio, Manzagol: Stacked denoising autoencoders (2010), JMLR 11:3371-3408"
    ], tags: ["classifier", "pretraining"])

  @Field("Units of the hidden layers", .positive.nonEmpty) var units = [256, 256]
  @Field(.activation, "Activation f of the hidden layers") var activation: any Activation = Sigmoid()
  @Field(.activation, "Activation g of the decoders; identity for losses on logits")
  var outputActivation: any Activation = Identity()
  @Field("Decodes with the transposed weight instead of a separate one") var tied = true
  @Field(.initializer, "Initializers of the weights: one for all layers, or one for each including the last")
  var weightInitializers: [any Initializer] = [GlorotUniform()]
  @Field(.loss, "Reconstruction loss: sigmoid-cross-entropy for inputs in [0, 1], mean-squared-error for any")
  var loss: any Loss = SigmoidCrossEntropy(reduction: .sum)
  @Field(
    .layer,
    "Parameter-free layers that corrupt a hidden layer's inputs in pretraining: one for all, one for each, or none"
  )
  var corruptions: [any Layer] = [MaskingNoise(0.3)]

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [256, 256], activation: any Activation = Sigmoid(), outputActivation: any Activation = Identity(),
    tied: Bool = true, weightInitializers: [any Initializer] = [GlorotUniform()],
    loss: any Loss = SigmoidCrossEntropy(reduction: .sum), corruptions: [any Layer] = [MaskingNoise(0.3)]
  ) throws {
    self.units = units
    self.activation = activation
    self.outputActivation = outputActivation
    self.tied = tied
    self.weightInitializers = weightInitializers
    self.loss = loss
    self.corruptions = corruptions
    self = try checked()
  }

  public func validate() throws {
    try Check.perLayer(weightInitializers, "initializer", count: units.count + 1, "weightInitializers")
    try Check.that(
      corruptions.count <= 1 || corruptions.count == units.count, "corruptions",
      "none, one, or one for each of \(units.count) hidden layers", found: corruptions.count)
  }

  /// Stages `"pretrain-1"` … and `"fine-tune"`.
  public var stages: [StageProposal] {
    get throws {
      let pretraining = try StageProposal.greedy(units.count, of: AutoencoderLayer.name) { place in
        try .reconstructing(loss: loss, corruption: corruptions.isEmpty ? nil : corruptions.ofLayer(place))
      }
      // Training untied decoders would only cost time.
      let tuned: ConfigurationObject = tied ? [:] : ["parameters": ["*.weight", "*.hidden-bias", "*.bias"]]
      return pretraining + [StageProposal("fine-tune", tuned)]
    }
  }

  public var targetKind: TargetKind { .labels }

  /// The autoencoders, and one linear unit per class.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    return Sequential {
      for (place, width) in units.enumerated() {
        AutoencoderLayer(
          width, activation: activation, outputActivation: outputActivation, tied: tied,
          weightInitializer: weightInitializers.ofLayer(place))
      }
      Dense(classes, weightInitializer: weightInitializers.ofLayer(units.count))
    }
  }

  /// The outputs of the last hidden layer.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try model.layers(0..<units.count)(inputs) }

  /// The inputs, decoded through all autoencoders; fine-tuning of the encoders makes them less accurate.
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
