import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A deep belief network: restricted Boltzmann machines upon each other, each trained on what the one below makes of
/// the data; then, unless told otherwise, a classifier that begins where they have left off.
///
/// The network is a chain of ``RestrictedBoltzmannMachine`` layers and a dense one. Each machine has a stage of its
/// own, `pretrain-1`, `pretrain-2`, …, by contrastive divergence; the stage `fine-tune` trains all of them by labels.
/// Without classes, it is the generative model alone, which ``DBNDistribution`` tells about. (Hinton, Osindero and Teh,
/// 2006; Bengio and others, 2007.)
public struct DBN: GenerativeModel, ReconstructingModel, Registrable {
  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// The machines' hidden units, from below.
    public var units = [128, 128]
    /// What values the inputs take.
    public var visible = UnitKind.binary
    /// Whether a dense layer for the classes stands on top.
    public var classifier = true
    /// The machines' weights at the beginning: one for all or one for each.
    public var weightInitializers: [Specification] = [Specification("normal", ["standardDeviation": 0.01])]
    /// Each machine but the lowest begins as the one below turned around.
    public var transposed = false
    /// The dense layer's weights at the beginning.
    public var outputInitializer: Specification = "zeros"
    /// What is added to the objective for each machine's weights.
    public var weightRegularizer: Specification?

    /// Two machines of 128 hidden units.
    public init() {}
  }

  /// `"dbn"`.
  public static let name = "dbn"
  /// What is worth knowing.
  public static let card = Card(
    "A deep belief network: Boltzmann machines trained one upon another, then all of them by labels.",
    formula: "p(v, h₁, …, hₖ) = p(v | h₁) ⋯ p(hₖ₋₁, hₖ);  then softmax(hₖ·W + b) with hᵢ = σ(hᵢ₋₁·Wᵢ + cᵢ)",
    fields: [
      "units": "The machines' hidden units, from below, each at least 1.",
      "visible": "What values the inputs take: binary (probabilities will do), or gaussian with the variance 1.",
      "classifier": "Whether a dense layer for the classes stands on top, and a last stage trains all by labels.",
      "weightInitializers": "Draws the machines' initial weights: one for all or one for each.",
      "transposed":
        "Each machine but the lowest begins as the one below turned around, and so the bound of log p(v) where "
        + "that one has left it; it has as many hidden units as that one visible ones.",
      "outputInitializer": "Draws the dense layer's initial weights.",
      "weightRegularizer": "What is added to every stage's objective for the machines' weights; nothing unless given.",
    ],
    references: [
      "Hinton, Osindero, Teh: A fast learning algorithm for deep belief nets (2006)",
      "Bengio, Lamblin, Popovici, Larochelle: Greedy layer-wise training of deep networks (2007)",
    ], tags: ["classifier", "generative"])

  private let machines: [RestrictedBoltzmannMachine]
  private let isTransposed: Bool
  private let hasClasses: Bool
  private let outputInitializer: any Initializer

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    let units = try Check.widths(Check.nonEmpty(configuration.units, "units"), "units")
    let initializers = try registries.perLayer(
      .initializer, configuration.weightInitializers, count: units.count, "weightInitializers")
    let regularizer = try configuration.weightRegularizer.map { try registries.make(.regularizer, $0) }
    machines = units.indices.map { place in
      RestrictedBoltzmannMachine(
        units[place], visible: place == 0 ? configuration.visible : .binary, weightInitializer: initializers[place],
        weightRegularizer: regularizer)
    }
    isTransposed = configuration.transposed
    let binary = configuration.visible == .binary
    try Check.that(!isTransposed || binary, "transposed", "false beside gaussian visible units", found: isTransposed)
    hasClasses = configuration.classifier
    outputInitializer = try registries.make(.initializer, configuration.outputInitializer)
  }

  /// Labels where it is to classify.
  public var targetKind: TargetKind { hasClasses ? .labels : .automatic }

  /// The machines, and the classifier on them. Throws `ModelError` where it is to classify and the data have no labels,
  /// and where a machine cannot begin as the one below turned around.
  public func network(for task: LearningTask) throws -> any Layer {
    let widths = [task.input.elementCount] + machines.map(\.units)
    if isTransposed, let place = (2..<widths.count).first(where: { widths[$0] != widths[$0 - 2] }) {
      throw ModelError(
        "transposed: machine \(place) begins as the one below turned around, which takes \(widths[place - 2]) hidden units, not "
          + "\(widths[place])")
    }
    let classes = hasClasses ? try task.classCount(of: Self.name) : nil
    return Sequential {
      for machine in machines { machine }
      if let classes { Dense(classes, weightInitializer: outputInitializer) }
    }
  }

  /// A stage for each machine, from below, and one for all by labels.
  public var stages: [StageProposal] {
    let pretraining = StageProposal.greedy(machines.count, of: RestrictedBoltzmannMachine.name) { _ in
      ["objective": "contrastive-divergence", "metrics": []]
    }
    return hasClasses ? pretraining + [StageProposal("fine-tune", ["objective": "supervised"])] : pretraining
  }

  /// Turns the machine below around where a stage's own is to begin so.
  public func begin(_ stage: String, _ model: inout Model) throws {
    guard isTransposed,
      let place = machines.indices.dropFirst().first(where: { stage == StageProposal.greedyName($0) })
    else { return }
    func name(_ place: Int) -> String { Sequential.name(of: RestrictedBoltzmannMachine.name, at: place) }
    let (own, below) = (name(place), name(place - 1))
    model.parameters["\(own).weight"] = model.parameters["\(below).weight"].transposed()
    model.parameters["\(own).visible-bias"] = model.parameters["\(below).hidden-bias"]
    model.parameters["\(own).hidden-bias"] = model.parameters["\(below).visible-bias"]
  }

  /// What the layers below dream of where Gibbs chains between the two uppermost layers have led.
  public func samples(
    _ model: Model, count: Int, from start: Tensor?, steps: Int, random: RandomSource
  ) throws -> Tensor {
    let network = try DBNDistribution(model)
    return model.shapedAsInputs(network.samples(count, from: start, steps: steps, random: random))
  }

  /// All the way up by means, and down again.
  public func reconstructions(_ model: Model, of inputs: Tensor) throws -> Tensor {
    model.shapedAsInputs(try DBNDistribution(model).reconstruction(of: inputs))
  }
}
