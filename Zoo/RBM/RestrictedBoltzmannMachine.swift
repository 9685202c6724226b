import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry

/// A restricted Boltzmann machine as a layer: in a network, it outputs the means of its hidden units given its visible
/// units.
///
/// Its distribution is p(v, h) ∝ exp(−E(v, h)) with the energy
///
///     E(v, h) = −v·W·h − b·v − c·h        (binary units; Gaussian: ½‖v − b‖² for −b·v, ½‖h − c‖² for −c·h)
///     h = σ(v·W + c), v = σ(h·Wᵀ + b)     (means; Gaussian units without σ)
///
/// The objective ``ContrastiveDivergence`` trains it; ``RBMDistribution`` computes likelihoods, samples and more.
///
/// Shapes: input [in] (or any shape, flattened), `weight` [in + labels, units], `hidden-bias` [units], `visible-bias`
/// [in + labels], output [units]. With `labels`, the last visible units represent the label, and one of them is 1; as a
/// layer of a network, the RBM sees only the inputs, as if all label units were 0. (Smolensky, 1986; Hinton, 2002.)
public struct RestrictedBoltzmannMachine: ReconstructingLayer, Registrable {
  public static let name = "rbm"
  public static let card = Card(
    "A restricted Boltzmann machine: the means of its hidden units given its visible units.",
    formula: "E(v, h) = −v·W·h − b·v − c·h;  y = σ(x·W + c)",
    references: [
      "Smolensky: Information processing in dynamical systems: foundations of harmony theory (1986)",
      "Hinton: Training products of experts by minimizing contrastive divergence (2002)",
    ])

  @Field("Number of hidden units", .positive, example: 1) var units: Int
  var kinds = MachineUnits()
  @Field("Number of additional visible units for the label, one per class", .in(0...1_000_000))
  var labels = 0
  var weights = MachineWeights()

  public init() {}

  /// An RBM with `units` hidden units. By default the weights are normal with standard deviation 0.01, and biases are
  /// 0. Traps if `units` is less than 1 or both sides are Gaussian.
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

  /// The type of the visible units.
  public var visible: UnitKind { kinds.visible }
  /// The type of the hidden units.
  public var hidden: UnitKind { kinds.hidden }

  /// Declares W, c and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let visible = input.elementCount + labels
    try builder.parameter(
      "weight", shape: [visible, units], initializer: weights.weightInitializer, regularizer: weights.weightRegularizer)
    try builder.parameter("hidden-bias", shape: [units], initializer: weights.hiddenBiasInitializer)
    try builder.parameter("visible-bias", shape: [visible], initializer: weights.visibleBiasInitializer)
    return [units]
  }

  /// The hidden units' means: product, bias and sigmoid in one pass.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let x = input.flattenedRows()
    let weight = parameters["weight"]
    return x.affine(
      weight: labels == 0 ? weight : weight.slice(axis: 0, 0..<x.shape[1]), bias: parameters["hidden-bias"],
      activation: hidden.activation)
  }

  /// The reconstruction [batch, in] from the hidden units: logits for binary units, means for Gaussian units.
  public func decode(_ code: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let output = code.affine(
      weight: parameters["weight"], bias: parameters["visible-bias"], transposingWeight: true)
    return labels == 0 ? output : output.slice(axis: 1, 0..<(output.shape[1] - labels))
  }
}

extension UnitKind {
  /// The function from total inputs to means.
  var activation: FusedActivation { self == .binary ? .sigmoid : .identity }

  /// Samples units with the given means.
  func sample(_ means: Tensor, _ random: RandomSource) -> Tensor {
    self == .binary ? random.sample(probabilities: means) : means + random.normal(means.shape, dtype: means.dtype)
  }
}
