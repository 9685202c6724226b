import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A restricted Boltzmann machine as a model: learns the distribution of its data and, with label units, classifies.
///
/// Its network is one ``RestrictedBoltzmannMachine``. ``ContrastiveDivergence`` trains it, and ``RBMDistribution``
/// computes likelihoods, samples and more.
public struct RBM: GenerativeModel, ReconstructingModel, Registrable {
  public static let name = "rbm"
  public static let card = Card(
    "A restricted Boltzmann machine (RBM): learns the distribution of data without labels, or classifies with them.",
    formula: "p(v, h) ∝ exp(v·W·h + b·v + c·h)",
    references: [
      "Smolensky: Information processing in dynamical systems: foundations of harmony theory (1986)",
      "Hinton: Training products of experts by minimizing contrastive divergence (2002)",
      "Larochelle, Bengio: Classification using discriminative restricted Boltzmann machines (2008)",
    ], tags: ["generative", "unsupervised"])

  @Field("Number of hidden units", .positive) var units = 128
  var kinds = MachineUnits()
  @Field("Adds visible units for the label, which makes it a classifier") var labels = false
  var weights = MachineWeights()

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: Int = 128, visible: UnitKind = .binary, hidden: UnitKind = .binary, labels: Bool = false,
    weightInitializer: any Initializer = Normal(standardDeviation: 0.01),
    hiddenBiasInitializer: any Initializer = Zeros(), visibleBiasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil
  ) throws {
    self.units = units
    kinds.visible = visible
    kinds.hidden = hidden
    self.labels = labels
    weights.weightInitializer = weightInitializer
    weights.hiddenBiasInitializer = hiddenBiasInitializer
    weights.visibleBiasInitializer = visibleBiasInitializer
    weights.weightRegularizer = weightRegularizer
    self = try checked()
  }

  /// Labels, if the RBM has label units.
  public var targetKind: TargetKind { labels ? .labels : .automatic }

  /// The RBM. Throws `ModelError` if it has label units but the data has no labels.
  public func network(for task: LearningTask) throws -> any Layer {
    RestrictedBoltzmannMachine(
      units, kinds, labels: labels ? try task.classCount(of: Self.name) : 0, weights)
  }

  /// One stage with contrastive divergence.
  public var stages: [StageProposal] {
    [StageProposal("train", ["objective": "contrastive-divergence", "metrics": labels ? ["accuracy"] : []])]
  }

  /// The inputs' means at the end of the chains.
  public func samples(
    _ model: Model, count: Int, from start: Tensor?, steps: Int, random: RandomSource
  ) throws -> Tensor {
    let machine = try RBMDistribution(model)
    let visible = machine.samples(count, from: start, steps: steps, random: random)
    return model.shapedAsInputs(visible.slice(axis: 1, 0..<machine.inputCount))
  }

  /// The inputs' means given the means of the hidden units.
  public func reconstructions(_ model: Model, of inputs: Tensor) throws -> Tensor {
    model.shapedAsInputs(try RBMDistribution(model).reconstruction(of: inputs))
  }
}
