import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry

/// A restricted Boltzmann machine as a layer: as a part of a network it gives its hidden units' means for its visible
/// units.
///
/// The machine is the distribution p(v, h) ∝ exp(−E(v, h)) with the energy
///
///     E(v, h) = −v·W·h − b·v − c·h        (binary units; of Gaussian ones ½‖v − b‖² or ½‖h − c‖² in place of −b·v or −c·h)
///
/// so that h = σ(v·W + c) on the way up, and v = σ(h·Wᵀ + b) on the way down; without σ for Gaussian units. The
/// objective ``ContrastiveDivergence`` trains it, and ``RBMDistribution`` tells everything else about it.
///
/// Shapes: input [in] (or anything, flattened), `weight` [in + labels, units], `hidden-bias` [units], `visible-bias`
/// [in + labels], output [units]. With `labels`, the last visible units stand for the label, one of which is 1; as a
/// layer of a network the machine sees the inputs alone, as if all of them were 0. (Smolensky, 1986; Hinton, 2002.)
public struct RestrictedBoltzmannMachine: ReconstructingLayer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// How many hidden units.
    public var units = 1
    /// What values the visible units take.
    public var visible = UnitKind.binary
    /// What values the hidden units take.
    public var hidden = UnitKind.binary
    /// How many further visible units stand for the label.
    public var labels = 0
    /// W at the beginning.
    public var weightInitializer = Specification("normal", ["standardDeviation": 0.01])
    /// c at the beginning.
    public var hiddenBiasInitializer: Specification = "zeros"
    /// b at the beginning.
    public var visibleBiasInitializer: Specification = "zeros"
    /// What is added to the objective for W.
    public var weightRegularizer: Specification?

    /// One hidden unit, and the defaults.
    public init() {}
  }

  /// `"rbm"`.
  public static let name = "rbm"
  /// The number of units has no default.
  public static let required: Set<String> = ["units"]
  /// What is worth knowing.
  public static let card = Card(
    "A restricted Boltzmann machine: its hidden units' means, given its visible units.",
    formula: "E(v, h) = −v·W·h − b·v − c·h;  y = σ(x·W + c)",
    fields: [
      "units": "How many hidden units, at least 1.",
      "visible": "What values the visible units take: binary (probabilities will do), or gaussian with the variance 1.",
      "hidden": "What values the hidden units take: binary, or gaussian for a linear code, beside binary visible ones.",
      "labels": "How many further visible units stand for the label, one for each class; 0 for none.",
      "weightInitializer": "Draws the initial weights W [in + labels, units].",
      "hiddenBiasInitializer": "Draws the initial bias c [units].",
      "visibleBiasInitializer": "Draws the initial bias b [in + labels].",
      "weightRegularizer": "What is added to the objective for W; nothing unless given.",
    ],
    references: [
      "Smolensky: Information processing in dynamical systems: foundations of harmony theory (1986)",
      "Hinton: Training products of experts by minimizing contrastive divergence (2002)",
    ])

  /// How many hidden units.
  public let units: Int
  /// What values the visible units take.
  public let visible: UnitKind
  /// What values the hidden units take.
  public let hidden: UnitKind
  /// How many visible units stand for the label.
  public private(set) var labels: Int
  let weightInitializer: any Initializer
  let hiddenBiasInitializer: any Initializer
  let visibleBiasInitializer: any Initializer
  let weightRegularizer: (any Regularizer)?

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    units = try Check.positive(configuration.units, "units")
    visible = configuration.visible
    hidden = configuration.hidden
    try Check.that(
      visible == .binary || hidden == .binary, "hidden",
      "\"binary\" beside gaussian visible units: with both gaussian, large weights have no finite Z", found: hidden)
    labels = try Check.value(configuration.labels, in: 0...1_000_000, "labels")
    weightInitializer = try registries.make(.initializer, configuration.weightInitializer)
    hiddenBiasInitializer = try registries.make(.initializer, configuration.hiddenBiasInitializer)
    visibleBiasInitializer = try registries.make(.initializer, configuration.visibleBiasInitializer)
    weightRegularizer = try configuration.weightRegularizer.map { try registries.make(.regularizer, $0) }
  }
}

extension RestrictedBoltzmannMachine {
  /// A machine of `units` hidden units; weights normal with a standard deviation of 0.01 and biases of zero unless
  /// given. Traps on less than one unit, and where both sides are Gaussian.
  public init(
    _ units: Int, visible: UnitKind = .binary, hidden: UnitKind = .binary, labels: Int = 0,
    weightInitializer: any Initializer = Normal(standardDeviation: 0.01),
    hiddenBiasInitializer: any Initializer = Zeros(), visibleBiasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(units > 0 && labels >= 0, "a machine of \(units) hidden units and \(labels) labels", file, line)
    require(visible == .binary || hidden == .binary, "a machine whose units are all Gaussian", file, line)
    self.units = units
    self.visible = visible
    self.hidden = hidden
    self.labels = labels
    self.weightInitializer = weightInitializer
    self.hiddenBiasInitializer = hiddenBiasInitializer
    self.visibleBiasInitializer = visibleBiasInitializer
    self.weightRegularizer = weightRegularizer
  }

  /// The machine with another number of units for labels.
  func withLabels(_ count: Int) -> RestrictedBoltzmannMachine {
    var machine = self
    machine.labels = count
    return machine
  }

  /// W, c and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let visible = input.elementCount + labels
    try builder.parameter(
      "weight", shape: [visible, units], initializer: weightInitializer, regularizer: weightRegularizer)
    try builder.parameter("hidden-bias", shape: [units], initializer: hiddenBiasInitializer)
    try builder.parameter("visible-bias", shape: [visible], initializer: visibleBiasInitializer)
    return [units]
  }

  /// The hidden units' means: one product, bias and sigmoid in the same pass.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let x = input.flattenedRows()
    let weight = parameters["weight"]
    return x.affine(
      weight: labels == 0 ? weight : weight.slice(axis: 0, 0..<x.shape[1]), bias: parameters["hidden-bias"],
      activation: hidden.activation)
  }

  /// What the hidden units say of the inputs: [batch, in]; of binary units the logits, of Gaussian ones the means.
  public func decode(_ code: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let output = code.affine(
      weight: parameters["weight"], bias: parameters["visible-bias"], transposingWeight: true)
    return labels == 0 ? output : output.slice(axis: 1, 0..<(output.shape[1] - labels))
  }
}

extension UnitKind {
  /// What makes the units' means of their total inputs.
  var activation: FusedActivation { self == .binary ? .sigmoid : .identity }

  /// Values drawn for units of given means.
  func sample(_ means: Tensor, _ random: RandomSource) -> Tensor {
    self == .binary ? random.sample(probabilities: means) : means + random.normal(means.shape, dtype: means.dtype)
  }
}
