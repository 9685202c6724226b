import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A restricted Boltzmann machine as a model: learns what its data look like, and with units for labels which class
/// they are of.
///
/// Its network is one ``RestrictedBoltzmannMachine``; ``ContrastiveDivergence`` trains it, ``RBMDistribution`` tells
/// what it has learned.
public struct RBM: GenerativeModel, ReconstructingModel, Registrable {
  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// How many hidden units.
    public var units = 128
    /// What values the inputs take.
    public var visible = UnitKind.binary
    /// What values the hidden units take.
    public var hidden = UnitKind.binary
    /// Whether further visible units stand for the label.
    public var labels = false
    /// W at the beginning.
    public var weightInitializer = Specification("normal", ["standardDeviation": 0.01])
    /// c at the beginning.
    public var hiddenBiasInitializer: Specification = "zeros"
    /// b at the beginning.
    public var visibleBiasInitializer: Specification = "zeros"
    /// What is added to the objective for W.
    public var weightRegularizer: Specification?

    /// 128 binary units for binary inputs.
    public init() {}
  }

  /// `"rbm"`.
  public static let name = "rbm"
  /// What is worth knowing.
  public static let card = Card(
    "A restricted Boltzmann machine: learns without labels what its data look like, or with them which class they are of.",
    formula: "p(v, h) ∝ exp(v·W·h + b·v + c·h)",
    fields: [
      "units": "How many hidden units, at least 1.",
      "visible": "What values the inputs take: binary (probabilities will do), or gaussian with the variance 1.",
      "hidden": "What values the hidden units take: binary, or gaussian beside binary inputs.",
      "labels": "Whether further visible units stand for the label, which makes it a classifier.",
      "weightInitializer": "Draws the initial weights W [in, units].",
      "hiddenBiasInitializer": "Draws the initial bias c [units].",
      "visibleBiasInitializer": "Draws the initial bias b [in].",
      "weightRegularizer": "What is added to the objective for W; nothing unless given.",
    ],
    references: [
      "Smolensky: Information processing in dynamical systems: foundations of harmony theory (1986)",
      "Hinton: Training products of experts by minimizing contrastive divergence (2002)",
      "Larochelle, Bengio: Classification using discriminative restricted Boltzmann machines (2008)",
    ], tags: ["generative", "unsupervised"])

  private let layer: RestrictedBoltzmannMachine
  private let hasLabels: Bool

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    var machine = RestrictedBoltzmannMachine.Configuration()
    machine.units = configuration.units
    machine.visible = configuration.visible
    machine.hidden = configuration.hidden
    machine.weightInitializer = configuration.weightInitializer
    machine.hiddenBiasInitializer = configuration.hiddenBiasInitializer
    machine.visibleBiasInitializer = configuration.visibleBiasInitializer
    machine.weightRegularizer = configuration.weightRegularizer
    layer = try RestrictedBoltzmannMachine(machine, in: registries)
    hasLabels = configuration.labels
  }

  /// Labels where it learns them, too.
  public var targetKind: TargetKind { hasLabels ? .labels : .automatic }

  /// The machine. Throws `ModelError` where it is to learn labels and the data have none.
  public func network(for task: LearningTask) throws -> any Layer {
    layer.withLabels(hasLabels ? try task.classCount(of: Self.name) : 0)
  }

  /// One stage by contrastive divergence.
  public var stages: [StageProposal] {
    [StageProposal("train", ["objective": "contrastive-divergence", "metrics": hasLabels ? ["accuracy"] : []])]
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
