import AviaryAutograd
import AviaryCore

/// A layer that can take several inputs: in a ``Graph`` the nodes that its node names, elsewhere the preceding layer.
public protocol CombiningLayer: Layer {
  /// The number of inputs it can take.
  var combines: ClosedRange<Int> { get }

  /// Whether it combines its inputs step by step, so that they need equally many steps. Default: true.
  var alignsSteps: Bool { get }

  /// Declares the parameters for inputs of these shapes, without the batch axis, and infers the output's shape. Throws
  /// ``LayerError`` if they do not fit.
  func declare(in builder: inout ParameterBuilder, inputs: [Shape]) throws -> Shape

  /// Computes the outputs of a batch. The context's lengths are those of the first input.
  func callAsFunction(_ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context) -> Variable
}

/// One of several inputs of a layer.
public struct LayerInput {
  /// [batch, …].
  public var values: Variable
  /// The number of valid steps of each row; nil if all are valid, or there are no steps.
  public var lengths: [Int]?

  public init(_ values: Variable, lengths: [Int]? = nil) {
    self.values = values
    self.lengths = lengths
  }
}

extension CombiningLayer {
  public var alignsSteps: Bool { true }

  /// Declares the layer for a single input. Throws ``LayerError`` if it needs more.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard combines.contains(1) else {
      throw LayerError(
        path: builder.path.isEmpty ? label : builder.path,
        "it needs at least \(combines.lowerBound) inputs; use it in a 'graph', whose nodes name their inputs")
    }
    return try declare(in: &builder, inputs: [input])
  }

  /// Computes the outputs for a single input.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    self([LayerInput(input, lengths: context.lengths)], parameters, &context)
  }
}
