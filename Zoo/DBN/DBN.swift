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
  public static let name = "dbn"
  public static let card = Card(
    "A deep belief network: Boltzmann machines trained one upon another, then all of them by labels.",
    formula: "p(v, h₁, …, hₖ) = p(v | h₁) ⋯ p(hₖ₋₁, hₖ);  then softmax(hₖ·W + b) with hᵢ = σ(hᵢ₋₁·Wᵢ + cᵢ)",
    references: [
      "Hinton, Osindero, Teh: A fast learning algorithm for deep belief nets (2006)",
      "Bengio, Lamblin, Popovici, Larochelle: Greedy layer-wise training of deep networks (2007)",
    ], tags: ["classifier", "generative"])

  @Field("Hidden units of the machines, from below", .positive.nonEmpty) var units = [128, 128]
  @Field("What values the inputs take: binary (probabilities will do), or gaussian with the variance 1")
  var visible = UnitKind.binary
  @Field("Puts a dense layer for the classes on top, and a last stage that trains all by labels") var classifier = true
  @Field(.initializer, "Draw the machines' initial weights: one for all or one for each")
  var weightInitializers: [any Initializer] = [Normal(standardDeviation: 0.01)]
  @Field(
    "Begins each machine but the lowest as the one below turned around, and so the bound of log p(v) where that one has left it; "
      + "it has as many hidden units as that one visible ones")
  var transposed = false
  @Field(.initializer, "Draws the dense layer's initial weights") var outputInitializer: any Initializer = Zeros()
  @Field(.regularizer, "Penalty of the machines' weights in every stage") var weightRegularizer: (any Regularizer)?

  private var machines: [RestrictedBoltzmannMachine] {
    units.indices.map { place in
      RestrictedBoltzmannMachine(
        units[place], visible: place == 0 ? visible : .binary, weightInitializer: weightInitializers.ofLayer(place),
        weightRegularizer: weightRegularizer)
    }
  }

  public init() {}

  /// A deep belief network. Throws `ConfigurationError` for values out of range.
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
      !transposed || visible == .binary, "transposed", "false beside gaussian visible units", found: transposed)
  }

  /// Labels where it is to classify.
  public var targetKind: TargetKind { classifier ? .labels : .automatic }

  /// The machines, and the classifier on them. Throws `ModelError` where it is to classify and the data have no labels,
  /// and where a machine cannot begin as the one below turned around.
  public func network(for task: LearningTask) throws -> any Layer {
    let widths = [task.input.elementCount] + units
    if transposed, let place = (2..<widths.count).first(where: { widths[$0] != widths[$0 - 2] }) {
      throw ModelError(
        "transposed: machine \(place) begins as the one below turned around, which takes \(widths[place - 2]) hidden units, not "
          + "\(widths[place])")
    }
    let classes = classifier ? try task.classCount(of: Self.name) : nil
    return Sequential {
      for machine in machines { machine }
      if let classes { Dense(classes, weightInitializer: outputInitializer) }
    }
  }

  /// A stage for each machine, from below, and one for all by labels.
  public var stages: [StageProposal] {
    let pretraining = StageProposal.greedy(units.count, of: RestrictedBoltzmannMachine.name) { _ in
      ["objective": "contrastive-divergence", "metrics": []]
    }
    return classifier ? pretraining + [StageProposal("fine-tune", ["objective": "supervised"])] : pretraining
  }

  /// Turns the machine below around where a stage's own is to begin so.
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
