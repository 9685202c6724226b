import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A deep belief network: a stack of RBMs, each trained on the hidden means of the one below, then by default
/// fine-tuned as a classifier.
///
/// The network is a chain of ``RestrictedBoltzmannMachine`` layers and a dense layer. Each RBM has its own stage,
/// `pretrain-1`, `pretrain-2`, …, with contrastive divergence; the stage `fine-tune` trains all layers with labels.
/// Without a classifier it is only the generative model, see ``DBNDistribution``. (Hinton, Osindero and Teh, 2006;
/// Bengio and others, 2007.)
public struct DBN: GenerativeModel, ReconstructingModel, Registrable {
  public static let name = "dbn"
  public static let card = Card(
    "A deep belief network: a stack of RBMs, pretrained one by one, then fine-tuned with labels.",
    formula: "p(v, h₁, …, hₖ) = p(v | h₁) ⋯ p(hₖ₋₁, hₖ);  then softmax(hₖ·W + b) with hᵢ = σ(hᵢ₋₁·Wᵢ + cᵢ)",
    references: [
      "Hinton, Osindero, Teh: A fast learning algorithm for deep belief nets (2006)",
      "Bengio, Lamblin, Popovici, Larochelle: Greedy layer-wise training of deep networks (2007)",
    ], tags: ["classifier", "generative"])

  @Field("Hidden units of the RBMs, bottom up", .positive.nonEmpty) var units = [128, 128]
  @Field("Type of the inputs: binary (or probabilities), or gaussian with variance 1")
  var visible = UnitKind.binary
  @Field("Adds a dense output layer and a last stage that trains all layers with labels") var classifier = true
  @Field(.initializer, "Initializers of the RBMs' weights: one for all or one for each")
  var weightInitializers: [any Initializer] = [Normal(standardDeviation: 0.01)]
  @Field(
    "Starts each RBM but the lowest with the transposed weights of the one below, so that the bound of log p(v) starts there; "
      + "it needs as many hidden units as that one has visible units")
  var transposed = false
  @Field(.initializer, "Initializer of the dense layer's weights") var outputInitializer: any Initializer = Zeros()
  @Field(.regularizer, "Penalty on the RBMs' weights in every stage") var weightRegularizer: (any Regularizer)?

  private var machines: [RestrictedBoltzmannMachine] {
    units.indices.map { place in
      RestrictedBoltzmannMachine(
        units[place], visible: place == 0 ? visible : .binary, weightInitializer: weightInitializers.ofLayer(place),
        weightRegularizer: weightRegularizer)
    }
  }

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [128, 128], visible: UnitKind = .binary, classifier: Bool = true,
    weightInitializers: [any Initializer] = [Normal(standardDeviation: 0.01)], transposed: Bool = false,
    outputInitializer: any Initializer = Zeros(), weightRegularizer: (any Regularizer)? = nil
  ) throws {
    self.units = units
    self.visible = visible
    self.classifier = classifier
    self.weightInitializers = weightInitializers
    self.transposed = transposed
    self.outputInitializer = outputInitializer
    self.weightRegularizer = weightRegularizer
    self = try checked()
  }

  public func validate() throws {
    try Check.perLayer(weightInitializers, "initializer", count: units.count, "weightInitializers")
    try Check.that(
      !transposed || visible == .binary, "transposed", "false with gaussian visible units", found: transposed)
  }

  /// Labels for a classifier.
  public var targetKind: TargetKind { classifier ? .labels : .automatic }

  /// The RBMs and the classifier. Throws `ModelError` if a classifier's data has no labels, or if an RBM cannot start
  /// with the transposed weights of the one below.
  public func network(for task: LearningTask) throws -> any Layer {
    let widths = [task.input.elementCount] + units
    if transposed, let place = (2..<widths.count).first(where: { widths[$0] != widths[$0 - 2] }) {
      throw ModelError(
        "transposed: RBM \(place) starts with the transposed weights of the one below, so it needs \(widths[place - 2]) hidden units, not "
          + "\(widths[place])")
    }
    let classes = classifier ? try task.classCount(of: Self.name) : nil
    return Sequential {
      for machine in machines { machine }
      if let classes { Dense(classes, weightInitializer: outputInitializer) }
    }
  }

  /// A stage for each RBM, bottom up, and one for all layers with labels.
  public var stages: [StageProposal] {
    let pretraining = StageProposal.greedy(units.count, of: RestrictedBoltzmannMachine.name) { _ in
      ["objective": "contrastive-divergence", "metrics": []]
    }
    return classifier ? pretraining + [StageProposal("fine-tune", ["objective": "supervised"])] : pretraining
  }

  /// Transposes the RBM below if a stage's RBM is to start that way.
  public func begin(_ stage: String, _ model: inout Model) throws {
    guard transposed,
      let place = units.indices.dropFirst().first(where: { stage == StageProposal.greedyName($0) })
    else { return }
    func name(_ place: Int) -> String { Sequential.name(of: RestrictedBoltzmannMachine.name, at: place) }
    let (own, below) = (name(place), name(place - 1))
    model.parameters["\(own).weight"] = model.parameters["\(below).weight"].transposed()
    model.parameters["\(own).visible-bias"] = model.parameters["\(below).hidden-bias"]
    model.parameters["\(own).hidden-bias"] = model.parameters["\(below).visible-bias"]
  }

  /// The means of the inputs, one pass down after Gibbs chains between the two top layers.
  public func samples(
    _ model: Model, count: Int, from start: Tensor?, steps: Int, random: RandomSource
  ) throws -> Tensor {
    let network = try DBNDistribution(model)
    return model.shapedAsInputs(network.samples(count, from: start, steps: steps, random: random))
  }

  /// All the way up and down by means.
  public func reconstructions(_ model: Model, of inputs: Tensor) throws -> Tensor {
    model.shapedAsInputs(try DBNDistribution(model).reconstruction(of: inputs))
  }
}
