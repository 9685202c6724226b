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
  public static let name = "rbm"
  public static let card = Card(
    "A restricted Boltzmann machine: its hidden units' means, given its visible units.",
    formula: "E(v, h) = −v·W·h − b·v − c·h;  y = σ(x·W + c)",
    references: [
      "Smolensky: Information processing in dynamical systems: foundations of harmony theory (1986)",
      "Hinton: Training products of experts by minimizing contrastive divergence (2002)",
    ])

  @Field("Number of hidden units", .positive, example: 1) var units: Int
  var kinds = MachineUnits()
  @Field("Number of further visible units that stand for the label, one for each class", .in(0...1_000_000))
  var labels = 0
  var weights = MachineWeights()

  public init() {}

  /// A machine of `units` hidden units; weights normal with a standard deviation of 0.01 and biases of zero unless
  /// given. Traps on less than one unit, and where both sides are Gaussian.
  public init(
    _ units: Int, visible: UnitKind = .binary, hidden: UnitKind = .binary, labels: Int = 0,
    weightInitializer: any Initializer = Normal(standardDeviation: 0.01),
    hiddenBiasInitializer: any Initializer = Zeros(), visibleBiasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.units = units
    kinds.visible = visible
    kinds.hidden = hidden
    self.labels = labels
    weights.weightInitializer = weightInitializer
    weights.hiddenBiasInitializer = hiddenBiasInitializer
    weights.visibleBiasInitializer = visibleBiasInitializer
    weights.weightRegularizer = weightRegularizer
    self = required(file: file, line: line)
  }

  init(_ units: Int, _ kinds: MachineUnits, labels: Int, _ weights: MachineWeights) {
    self.units = units
    self.kinds = kinds
    self.labels = labels
    self.weights = weights
  }

  /// What values the visible units take.
  public var visible: UnitKind { kinds.visible }
  /// What values the hidden units take.
  public var hidden: UnitKind { kinds.hidden }

  /// W, c and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let visible = input.elementCount + labels
    try builder.parameter(
      "weight", shape: [visible, units], initializer: weights.weightInitializer, regularizer: weights.weightRegularizer)
    try builder.parameter("hidden-bias", shape: [units], initializer: weights.hiddenBiasInitializer)
    try builder.parameter("visible-bias", shape: [visible], initializer: weights.visibleBiasInitializer)
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
