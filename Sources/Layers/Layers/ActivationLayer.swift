import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// An activation as a layer of its own: `{"name": "activation", "function": "relu"}`, or just `"relu"`.
///
/// Right after a layer that can compute it in its own pass, ``Sequential`` fuses both.
public struct ActivationLayer: Layer, Registrable {
  public static let name = "activation"
  public static let card = Card("An activation as a layer of its own.", formula: "y = f(x)")

  @Field(.activation, "Activation f", example: Relu()) var function: any Activation

  public init() {}

  /// A function.
  public init(_ function: any Activation) { self.function = function }

  /// The function's registered name where it has one.
  public var label: String { (type(of: function) as? any Registrable.Type)?.name ?? Self.name }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank > 0 else { throw LayerError(path: builder.path, "it takes inputs of at least one axis") }
    return input
  }

  /// The function.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    function(input)
  }

  /// The function, where others can fuse it.
  public var fusedActivation: FusedActivation? { function.fused }
}

extension ActivationLayer: SpecificationProviding {
  /// The function's own: it is a layer under the same name.
  public func specification(isComplete: Bool) throws -> Specification {
    try Specification(describing: function, isComplete: isComplete)
  }
}
