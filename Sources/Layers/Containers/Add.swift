import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The sum of several inputs of the same shape: a node of a ``Graph``.
public struct Add: CombiningLayer, Registrable {
  public static let name = "add"
  public static let card = Card("The sum of several inputs of the same shape, in a graph.", formula: "y = x₁ + … + xₙ")

  public init() {}

  public var combines: ClosedRange<Int> { 2...64 }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// The shape of all inputs.
  public func declare(in builder: inout ParameterBuilder, inputs: [Shape]) throws -> Shape {
    try equalShape(of: inputs, at: builder.path)
  }

  public func callAsFunction(_ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context) -> Variable {
    inputs.dropFirst().reduce(inputs[0].values) { $0 + $1.values }
  }
}

/// The element-wise product of several inputs of the same shape: a node of a ``Graph``.
public struct Multiply: CombiningLayer, Registrable {
  public static let name = "multiply"
  public static let card = Card(
    "The element-wise product of several inputs of the same shape, in a graph.", formula: "y = x₁ · … · xₙ")

  public init() {}

  public var combines: ClosedRange<Int> { 2...64 }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// The shape of all inputs.
  public func declare(in builder: inout ParameterBuilder, inputs: [Shape]) throws -> Shape {
    try equalShape(of: inputs, at: builder.path)
  }

  public func callAsFunction(_ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context) -> Variable {
    inputs.dropFirst().reduce(inputs[0].values) { $0 * $1.values }
  }
}

/// The common shape of all inputs. Throws ``LayerError`` if they differ.
private func equalShape(of inputs: [Shape], at path: String) throws -> Shape {
  guard inputs.allSatisfy({ $0 == inputs[0] }) else {
    throw LayerError(
      path: path, "its inputs are \(inputs.map { "\($0)" }.listed(atMost: 10)), but must have the same shape")
  }
  return inputs[0]
}
