import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// An activation as a layer: `{"name": "activation", "function": "relu"}`, or just `"relu"`.
///
/// ``Sequential`` fuses it with a preceding layer that can compute it in its own pass.
public struct ActivationLayer: Layer, Registrable {
  public static let name = "activation"
  public static let card = Card("An activation as a layer.", formula: "y = f(x)")

  @Field(.activation, "Activation f", example: Relu()) var function: any Activation

  public init() {}

  public init(_ function: any Activation) { self.function = function }

  /// The function's registered name, if it has one.
  public var label: String { (type(of: function) as? any Registrable.Type)?.name ?? Self.name }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank > 0 else { throw LayerError(path: builder.path, "it takes inputs with at least one axis") }
    return input
  }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    function(input)
  }

  /// The function, if it can be fused.
  public var fusedActivation: FusedActivation? { function.fused }
}

extension ActivationLayer: SpecificationProviding {
  /// The function's specification, since it is a layer of the same name.
  public func specification(isComplete: Bool) throws -> Specification {
    try Specification(describing: function, isComplete: isComplete)
  }
}
