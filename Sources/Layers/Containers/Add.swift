import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The sum of several inputs of the same shape: a node of a ``Graph``.
public struct Add: CombiningLayer, Registrable {
  public static let name = "add"
  public static let card = Card("The sum of several inputs of the same shape, in a graph.", formula: "y = x₁ + … + xₙ")

  public init() {}

  public var combines: ClosedRange<Int> { 2...64 }

  /// Each step by itself.
  public var allowsPadding: Bool { true }

  /// Each step by itself.
  public var isCausal: Bool { true }

  /// The shape of all inputs.
  public func declare(in builder: inout ParameterBuilder, inputs: [Shape]) throws -> Shape {
    try equalShape(of: inputs, at: builder.path)
  }

  /// The sum.
  public func callAsFunction(_ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context) -> Variable {
    inputs.dropFirst().reduce(inputs[0].values) { $0 + $1.values }
  }
}

/// The product, element by element, of several inputs of the same shape: a node of a ``Graph``.
public struct Multiply: CombiningLayer, Registrable {
  public static let name = "multiply"
  public static let card = Card(
    "The product, element by element, of several inputs of the same shape, in a graph.", formula: "y = x₁ · … · xₙ")

  public init() {}

  public var combines: ClosedRange<Int> { 2...64 }

  /// Each step by itself.
  public var allowsPadding: Bool { true }

  /// Each step by itself.
  public var isCausal: Bool { true }

  /// The shape of all inputs.
  public func declare(in builder: inout ParameterBuilder, inputs: [Shape]) throws -> Shape {
    try equalShape(of: inputs, at: builder.path)
  }

  /// The product.
  public func callAsFunction(_ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context) -> Variable {
    inputs.dropFirst().reduce(inputs[0].values) { $0 * $1.values }
  }
}

/// The shape that all inputs have. Throws ``LayerError`` where they differ.
private func equalShape(of inputs: [Shape], at path: String) throws -> Shape {
  guard inputs.allSatisfy({ $0 == inputs[0] }) else {
    throw LayerError(
      path: path, "its inputs are \(inputs.map { "\($0)" }.listed(atMost: 10)); they have to be of one shape")
  }
  return inputs[0]
}
