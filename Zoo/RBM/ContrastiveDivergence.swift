import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Trains a restricted Boltzmann machine to make its data likely: the free energy of data goes down, that of what the
/// machine dreams goes up.
///
/// The gradient of −log p(v) is ∂F(v)/∂θ less its mean under the machine's own distribution, which Gibbs chains stand
/// in for:
///
///     ∂/∂W = −⟨v⁺·ĥ⁺⟩ + ⟨v⁻·ĥ⁻⟩,   ∂/∂c = −⟨ĥ⁺⟩ + ⟨ĥ⁻⟩,   ∂/∂b = −⟨v⁺⟩ + ⟨v⁻⟩
///
/// with the data v⁺, the chains' last visible units v⁻, and the means ĥ of the hidden units given either. The chains
/// begin at the data and take k steps (CD-k), or go on where the last batch left them (PCD-k). The estimate's bias
/// shrinks with k; it is not the gradient of any function.
///
/// The loss is the reconstruction error ‖v − v′‖² of a row: in inference v′ is the mean given the means of the hidden
/// units, while training with CD it is the chain's first reconstruction. It says whether something goes wrong, and is
/// not what is made small. Penalties of parameters are added to value and gradient. A model with units for labels gives
/// predictions, p(class | inputs).
///
/// (Hinton: Training products of experts by minimizing contrastive divergence, 2002. Tieleman: Training restricted
/// Boltzmann machines using approximations to the likelihood gradient, 2008. Hinton: A practical guide, 2010.)
public struct ContrastiveDivergence: Objective, Registrable {
  /// The objective's configuration.
  public struct Configuration: ConfigurationFields {
    /// k.
    public var steps = 1
    /// Chains go on from batch to batch.
    public var persistent = false
    /// How many persistent chains.
    public var chains: Int?
    /// What the chains' visible units are.
    public var reconstruction = Reconstruction.samples
    /// Draws bits from the inputs, which are probabilities, at every step.
    public var samplesInputs = false
    /// How often a hidden unit should be on.
    public var sparsityTarget = 0.1
    /// How much that counts.
    public var sparsityCost = 0.0
    /// How slowly the measured rate of a hidden unit follows the batches'.
    public var sparsityDecay = 0.9
    /// What is measured beside the reconstruction error.
    public var measures: [Measure] = []

    /// CD-1.
    public init() {}
  }

  /// What the visible units of a chain are.
  public enum Reconstruction: String, Codable, CaseIterable, Sendable {
    /// Drawn by their means.
    case samples
    /// The means themselves: less noise, and what Hinton's own programs do.
    case means
  }

  /// What can be measured of a machine on a batch, a mean over the rows.
  public enum Measure: String, Codable, CaseIterable, Sendable {
    /// F(v): while it stays the same for training and validation rows, the machine does not overfit.
    case freeEnergy = "free-energy"
    /// The pseudo-log-likelihood by one rounded input of each row: while training the same one for a batch, the next
    /// one for the next; in inference one for each row, spread evenly.
    case pseudoLikelihood = "pseudo-likelihood"
  }

  /// `"contrastive-divergence"`.
  public static let name = "contrastive-divergence"
  /// What is worth knowing.
  public static let card = Card(
    "Trains a restricted Boltzmann machine: data become likelier than what its Gibbs chains dream (CD-k, PCD-k).",
    formula: "∂/∂W = −⟨v⁺·ĥ⁺⟩ + ⟨v⁻·ĥ⁻⟩,  ∂/∂c = −⟨ĥ⁺⟩ + ⟨ĥ⁻⟩,  ∂/∂b = −⟨v⁺⟩ + ⟨v⁻⟩",
    fields: [
      "steps": "How many Gibbs steps k the chains take for each batch, at least 1.",
      "persistent": "Chains go on from batch to batch, from hidden units of 0; otherwise they begin at the data.",
      "chains": "How many chains, where they are persistent; null takes as many as the first batch has rows.",
      "reconstruction": "What the chains' visible units are: samples, or their means.",
      "samplesInputs": "Draws bits from the inputs, as probabilities, at every step; otherwise they count as they are.",
      "sparsityTarget": "How often a binary hidden unit should be on, between 0 and 1.",
      "sparsityCost": "How much that counts, at least 0: a unit's input gets the gradient cost·(rate − target).",
      "sparsityDecay": "The decay of the running mean that a hidden unit's rate is measured by, in [0, 1).",
      "measures": "What is measured beside the reconstruction error: free-energy, pseudo-likelihood.",
    ],
    references: [
      "Hinton: Training products of experts by minimizing contrastive divergence (2002)",
      "Tieleman: Training restricted Boltzmann machines using approximations to the likelihood gradient (2008)",
      "Hinton: A practical guide to training restricted Boltzmann machines (2010)",
    ])

  let configuration: Configuration

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(configuration)
  }

  /// Checks the configuration; CD-1 unless given.
  public init(_ configuration: Configuration = Configuration()) throws {
    try Check.value(configuration.steps, in: 1...1_000_000, "steps")
    if let chains = configuration.chains { try Check.value(chains, in: 1...1_000_000, "chains") }
    try Check.value(configuration.sparsityTarget, between: 0, and: 1, "sparsityTarget")
    try Check.nonNegative(configuration.sparsityCost, "sparsityCost")
    try Check.value(configuration.sparsityDecay, in: 0..<1, "sparsityDecay")
    for (index, measure) in configuration.measures.enumerated() {
      let path = ConfigurationPath([.key("measures"), .index(index)])
      try Check.that(!configuration.measures[..<index].contains(measure), path, "each measure once", found: measure)
    }
    self.configuration = configuration
  }

  /// It needs none, unless the machine has units for labels.
  public var targetKind: TargetKind? { nil }

  /// Their names.
  public var measures: [String] { configuration.measures.map(\.rawValue) }
}
