import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A fully connected layer: y = f(x·W + b).
///
/// Shapes: input [in] (or anything, flattened), weight [in, units], bias [units], output [units].
public struct Dense: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// How many outputs.
    public var units = 1
    /// f.
    public var activation: Specification = "identity"
    /// Adds b.
    public var bias = true
    /// W at the beginning.
    public var weightInitializer: Specification = "glorot-uniform"
    /// b at the beginning.
    public var biasInitializer: Specification = "zeros"
    /// What is added to the loss for W.
    public var weightRegularizer: Specification?
    /// What is imposed on W after each update.
    public var weightConstraint: Specification?
    /// The full name of an earlier layer's weight [units, in], taken transposed in place of an own one.
    public var tiedTo: String?

    /// One unit, and the defaults.
    public init() {}
  }

  /// `"dense"`.
  public static let name = "dense"
  /// The number of units has no default.
  public static let required: Set<String> = ["units"]
  /// What is worth knowing.
  public static let card = Card(
    "A fully connected layer: every output sees every input.",
    formula: "y = f(x·W + b)",
    fields: sharedFields.merging([
      "tiedTo": "The full name of an earlier layer's weight [units, in] to use transposed, such as 0.dense.weight."
    ]) { $1 })

  let units: Int
  private(set) var activation: any Activation
  let hasBias: Bool
  let weightInitializer: any Initializer
  let biasInitializer: any Initializer
  let weightRegularizer: (any Regularizer)?
  let weightConstraint: (any Constraint)?
  let tiedTo: String?

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    units = try Check.positive(configuration.units, "units")
    activation = try registries.make(.activation, configuration.activation)
    hasBias = configuration.bias
    weightInitializer = try registries.make(.initializer, configuration.weightInitializer)
    biasInitializer = try registries.make(.initializer, configuration.biasInitializer)
    weightRegularizer = try configuration.weightRegularizer.map { try registries.make(.regularizer, $0) }
    weightConstraint = try configuration.weightConstraint.map { try registries.make(.constraint, $0) }
    tiedTo = configuration.tiedTo
    if tiedTo == nil { return }
    for (field, value) in [
      ("weightRegularizer", configuration.weightRegularizer), ("weightConstraint", configuration.weightConstraint),
    ] where value != nil {
      throw ConfigurationError(
        .invalid("a tied weight has the penalty and the constraint of the layer that declares it"),
        at: ConfigurationPath([.key(field)]))
    }
  }
}

extension Dense {
  /// A layer of `units` outputs; weights drawn by Glorot's rule and a bias of zeros unless given.
  public init(
    _ units: Int, activation: any Activation = Identity(), bias: Bool = true,
    weightInitializer: any Initializer = GlorotUniform(), biasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil, weightConstraint: (any Constraint)? = nil, tiedTo: String? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(units > 0, "a dense layer of \(units) units", file, line)
    self.units = units
    self.activation = activation
    hasBias = bias
    self.weightInitializer = weightInitializer
    self.biasInitializer = biasInitializer
    self.weightRegularizer = weightRegularizer
    self.weightConstraint = weightConstraint
    self.tiedTo = tiedTo
  }

  /// W and b; or b alone, where W is another layer's.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let inputs = input.elementCount
    if let tiedTo {
      let shape = try builder.tie("weight", to: tiedTo)
      guard shape == [units, inputs] else {
        throw LayerError(
          path: builder.path,
          "the weight '\(tiedTo)' to tie to is \(shape); transposed it has to be [\(inputs), \(units)]")
      }
    } else {
      try builder.parameter(
        "weight", shape: [inputs, units], initializer: weightInitializer, regularizer: weightRegularizer,
        constraint: weightConstraint)
    }
    if hasBias { try builder.parameter("bias", shape: [units], initializer: biasInitializer) }
    return [units]
  }

  /// One product; the bias and a fusable activation in the same pass.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard hasBias, let fused = activation.fused else { return activation(linear(input, parameters)) }
    return input.flattenedRows().affine(
      weight: parameters["weight"], bias: parameters["bias"], activation: fused, transposingWeight: tiedTo != nil)
  }

  /// x·W + b, without the activation.
  func linear(_ input: Variable, _ parameters: Parameters) -> Variable {
    let (x, weight) = (input.flattenedRows(), parameters["weight"])
    guard hasBias else { return x.matmul(weight, transposingRight: tiedTo != nil) }
    return x.affine(weight: weight, bias: parameters["bias"], transposingWeight: tiedTo != nil)
  }

  /// With that activation, where it has none yet.
  public func fused(with activation: FusedActivation) -> (any Layer)? {
    guard self.activation.fused == .identity else { return nil }
    var result = self
    result.activation = FusedFunction(activation)
    return result
  }
}
