import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A fully connected layer: y = f(x·W + b).
///
/// Shapes: input [in] (or any shape, flattened), weight [in, units], bias [units], output [units].
public struct Dense: Layer, Registrable {
  public static let name = "dense"
  public static let card = Card(
    "A fully connected layer: every output depends on every input.",
    formula: "y = f(x·W + b)")

  var map = AffineMap()
  @Field("Full name of an earlier layer's weight [units, in] to use transposed, such as 0.dense.weight")
  var tiedTo: String?

  public init() {}

  /// The defaults are Glorot-uniform weights and zero biases. Traps unless `units` is positive, and if a tied weight
  /// has a penalty or constraint.
  public init(
    _ units: Int, activation: any Activation = Identity(), bias: Bool = true,
    weightInitializer: any Initializer = GlorotUniform(), biasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil, weightConstraint: (any Constraint)? = nil, tiedTo: String? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    map.units = units
    map.activation = activation
    map.weights = Weights(bias: bias, weightInitializer, biasInitializer, weightRegularizer, weightConstraint)
    self.tiedTo = tiedTo
    self = required(file: file, line: line)
  }

  public func validate() throws {
    guard tiedTo != nil else { return }
    for (field, isGiven) in [
      ("weightRegularizer", map.weights.weightRegularizer != nil),
      ("weightConstraint", map.weights.weightConstraint != nil),
    ] where isGiven {
      throw ConfigurationError(
        .invalid("a tied weight takes its penalty and constraint from the layer that declares it"), at: [.key(field)])
    }
  }

  /// The map for a layer that drops some of it. Traps if the weight is tied.
  func untied(for user: String, _ file: StaticString, _ line: UInt) -> AffineMap {
    require(tiedTo == nil, "\(user) cannot use a dense layer whose weight is tied to '\(tiedTo ?? "")'", file, line)
    return map
  }

  /// Declares W and b, or only b if W is tied.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard let tiedTo else { return try map.declare(in: &builder, input: input) }
    let shape = try builder.tie("weight", to: tiedTo)
    guard shape == [map.units, input.elementCount] else {
      throw LayerError(
        path: builder.path,
        "the tied weight '\(tiedTo)' is \(shape), but transposed it must be [\(input.elementCount), \(map.units)]")
    }
    try map.weights.declareBias(in: &builder, count: map.units)
    return [map.units]
  }

  /// One product, with bias and a fusable activation in the same pass.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (activation, isTied) = (map.activation, tiedTo != nil)
    guard map.weights.bias, let fused = activation.fused else {
      return activation(map.linear(input, parameters, transposingWeight: isTied))
    }
    return input.flattenedRows().affine(
      weight: parameters["weight"], bias: parameters["bias"], activation: fused, transposingWeight: isTied)
  }

  /// The layer with the activation fused, unless it has one.
  public func fused(with activation: FusedActivation) -> (any Layer)? {
    guard map.activation.fused == .identity else { return nil }
    var result = self
    result.map.activation = FusedFunction(activation)
    return result
  }
}
