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
public struct ContrastiveDivergence: GradientObjective, Registrable {
  /// What the visible units of a chain are.
  public enum Reconstruction: String, CaseIterable, FieldValue {
    /// Drawn by their means.
    case samples
    /// The means themselves: less noise, and what Hinton's own programs do.
    case means
  }

  /// What can be measured of a machine on a batch, a mean over the rows.
  public enum Measure: String, CaseIterable, FieldValue {
    /// F(v): while it stays the same for training and validation rows, the machine does not overfit.
    case freeEnergy = "free-energy"
    /// The pseudo-log-likelihood by one rounded input of each row: while training the same one for a batch, the next
    /// one for the next; in inference one for each row, spread evenly.
    case pseudoLikelihood = "pseudo-likelihood"
  }

  public static let name = "contrastive-divergence"
  public static let card = Card(
    "Trains a restricted Boltzmann machine: data become likelier than what its Gibbs chains dream (CD-k, PCD-k).",
    formula: "∂/∂W = −⟨v⁺·ĥ⁺⟩ + ⟨v⁻·ĥ⁻⟩,  ∂/∂c = −⟨ĥ⁺⟩ + ⟨ĥ⁻⟩,  ∂/∂b = −⟨v⁺⟩ + ⟨v⁻⟩",
    references: [
      "Hinton: Training products of experts by minimizing contrastive divergence (2002)",
      "Tieleman: Training restricted Boltzmann machines using approximations to the likelihood gradient (2008)",
      "Hinton: A practical guide to training restricted Boltzmann machines (2010)",
    ])

  @Field("Number k of Gibbs steps that the chains take for each batch", .in(1...1_000_000)) var steps = 1
  @Field("Chains go on from batch to batch, from hidden units of 0; otherwise they begin at the data")
  var persistent = false
  @Field("Number of persistent chains; null takes as many as the first batch has rows", .in(1...1_000_000))
  var chains: Int?
  @Field("What the chains' visible units are: samples, or their means") var reconstruction = Reconstruction.samples
  @Field("Draws bits from the inputs, as probabilities, at every step; otherwise they count as they are")
  var samplesInputs = false
  @Field("How often a binary hidden unit should be on", .between(0, 1)) var sparsityTarget = 0.1
  @Field("How much that counts: a unit's input gets the gradient cost·(rate − target)", .nonNegative)
  var sparsityCost = 0.0
  @Field("Decay of the running mean that a hidden unit's rate is measured by", .in(0..<1)) var sparsityDecay = 0.9
  var measured = Measured()

  public init() {}

  /// Contrastive divergence; CD-1 without sparsity unless given. Throws `ConfigurationError` for values out of range.
  public init(
    steps: Int = 1, persistent: Bool = false, chains: Int? = nil, reconstruction: Reconstruction = .samples,
    samplesInputs: Bool = false, sparsityTarget: Double = 0.1, sparsityCost: Double = 0, sparsityDecay: Double = 0.9,
    measures: [Measure] = []
  ) throws {
    self.steps = steps
    self.persistent = persistent
    self.chains = chains
    self.reconstruction = reconstruction
    self.samplesInputs = samplesInputs
    self.sparsityTarget = sparsityTarget
    self.sparsityCost = sparsityCost
    self.sparsityDecay = sparsityDecay
    measured.measures = measures
    self = try checked()
  }

  public var measures: [String] { measured.measures.map(\.rawValue) }

  /// Apart, since an objective's measures are names.
  struct Measured: FieldGroup {
    @Field("What is measured beside the reconstruction error") var measures: [Measure] = []

    init() {}

    /// Each measure is named once.
    func validate() throws {
      for (index, measure) in measures.enumerated() {
        try Check.that(
          !measures[..<index].contains(measure), [.key("measures"), .index(index)], "each measure once", found: measure)
      }
    }
  }

  /// The inputs' variances: the reconstruction is their means.
  public func constantLoss(_ part: Model, on rows: DataSet) -> Double? {
    let inputs = rows.inputs.flattenedRows().cast(to: .float64)
    return (inputs - inputs.mean(axes: [0])).square().sum().item() / Double(rows.count)
  }

  /// It needs none, unless the machine has units for labels.
  public var targetKind: TargetKind? { nil }
}
