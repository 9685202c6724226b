import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Trains an RBM to make its data likely: it lowers the free energy of data and raises that of the model's own samples.
///
/// The gradient of −log p(v) is ∂F(v)/∂θ minus its mean under the model's distribution, which Gibbs chains approximate:
///
///     ∂/∂W = −⟨v⁺·ĥ⁺⟩ + ⟨v⁻·ĥ⁻⟩,   ∂/∂c = −⟨ĥ⁺⟩ + ⟨ĥ⁻⟩,   ∂/∂b = −⟨v⁺⟩ + ⟨v⁻⟩
///
/// Here v⁺ is the data, v⁻ the chains' last visible units, and ĥ the means of the hidden units given either. The chains
/// start at the data and take k steps (CD-k), or continue from the last batch (PCD-k). The bias of the estimate shrinks
/// with k; it is not the gradient of any function.
///
/// The loss is the reconstruction error ‖v − v′‖² of a row: at inference v′ is the mean given the means of the hidden
/// units, in training with CD it is the chain's first reconstruction. The loss shows whether something goes wrong; it
/// is not the quantity being minimized. Penalties of parameters are added to value and gradient. A model with label
/// units gives predictions, p(class | inputs).
///
/// (Hinton: Training products of experts by minimizing contrastive divergence, 2002. Tieleman: Training restricted
/// Boltzmann machines using approximations to the likelihood gradient, 2008. Hinton: A practical guide, 2010.)
public struct ContrastiveDivergence: GradientObjective, Registrable {
  /// How a chain's visible units are computed.
  public enum Reconstruction: String, CaseIterable, FieldValue {
    /// Sampled from their means.
    case samples
    /// The means themselves: less noise, and the choice of Hinton's own programs.
    case means
  }

  /// A measure of an RBM on a batch, a mean over the rows.
  public enum Measure: String, CaseIterable, FieldValue {
    /// The free energy F(v): a growing gap between training and validation rows indicates overfitting.
    case freeEnergy = "free-energy"
    /// The pseudo-log-likelihood, estimated from one rounded input of each row: in training the same input for a whole
    /// batch and the next one for the next batch; at inference one per row, spread evenly.
    case pseudoLikelihood = "pseudo-likelihood"
  }

  public static let name = "contrastive-divergence"
  public static let card = Card(
    "Contrastive divergence (CD-k, PCD-k): trains an RBM to make data more likely than samples of its Gibbs chains.",
    formula: "∂/∂W = −⟨v⁺·ĥ⁺⟩ + ⟨v⁻·ĥ⁻⟩,  ∂/∂c = −⟨ĥ⁺⟩ + ⟨ĥ⁻⟩,  ∂/∂b = −⟨v⁺⟩ + ⟨v⁻⟩",
    references: [
      "Hinton: Training products of experts by minimizing contrastive divergence (2002)",
      "Tieleman: Training restricted Boltzmann machines using approximations to the likelihood gradient (2008)",
      "Hinton: A practical guide to training restricted Boltzmann machines (2010)",
    ])

  @Field("Number k of Gibbs steps per batch", .in(1...1_000_000)) var steps = 1
  @Field("Continues the chains from batch to batch, initially from hidden units of 0; otherwise they start at the data")
  var persistent = false
  @Field("Number of persistent chains; null for the number of rows of the first batch", .in(1...1_000_000))
  var chains: Int?
  @Field("Visible units of the chains: samples, or their means") var reconstruction = Reconstruction.samples
  @Field("Samples bits from the inputs, taken as probabilities, at every step; otherwise uses the inputs directly")
  var samplesInputs = false
  @Field("Target activation rate of binary hidden units", .between(0, 1)) var sparsityTarget = 0.1
  @Field("Weight of the sparsity target: adds cost·(rate − target) to the gradient of a unit's input", .nonNegative)
  var sparsityCost = 0.0
  @Field("Decay of the running mean of a hidden unit's activation rate", .in(0..<1)) var sparsityDecay = 0.9
  var measured = Measured()

  public init() {}

  /// By default CD-1 without sparsity. Throws `ConfigurationError` for values out of range.
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

  /// A separate group, because an objective's `measures` are names.
  struct Measured: FieldGroup {
    @Field("Measures in addition to the reconstruction error") var measures: [Measure] = []

    init() {}

    /// Rejects duplicate measures.
    func validate() throws {
      for (index, measure) in measures.enumerated() {
        try Check.that(
          !measures[..<index].contains(measure), [.key("measures"), .index(index)], "each measure once", found: measure)
      }
    }
  }

  /// The variance of the inputs, which is the error of reconstructing their means.
  public func constantLoss(_ part: Model, on rows: DataSet) -> Double? {
    let inputs = rows.inputs.flattenedRows().cast(to: .float64)
    return (inputs - inputs.mean(axes: [0])).square().sum().item() / Double(rows.count)
  }

  /// The probabilities of the classes, where the machine has label units.
  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? {
    let machine = try RBMDistribution(part)
    return machine.labels > 0 ? machine.classProbabilities(inputs.flattenedRows()) : nil
  }

  public var predictsProbabilities: Bool { true }

  /// No targets, unless the RBM has label units.
  public var targetKind: TargetKind? { nil }
}
