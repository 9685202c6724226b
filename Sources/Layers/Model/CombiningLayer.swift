import AviaryAutograd
import AviaryCore

/// A layer that may take several inputs: in a ``Graph`` those of the nodes it names, elsewhere the one before it.
public protocol CombiningLayer: Layer {
  /// How many inputs it takes.
  var combines: ClosedRange<Int> { get }

  /// Whether it puts together what the inputs have at the same step, so that they have as many. Default: true.
  var alignsSteps: Bool { get }

  /// Declares the parameters for inputs of these shapes, without the batch axis, and infers the output's shape. Throws
  /// ``LayerError`` where they do not fit.
  func declare(in builder: inout ParameterBuilder, inputs: [Shape]) throws -> Shape

  /// Computes the outputs of a batch. The context's lengths are those of the first input.
  func callAsFunction(_ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context) -> Variable
}

/// One input of a layer that takes several.
public struct LayerInput {
  /// [batch, …].
  public var values: Variable
  /// How many steps of each row are data; nil where all are, or where there are no steps.
  public var lengths: [Int]?

  /// An input.
  public init(_ values: Variable, lengths: [Int]? = nil) {
    self.values = values
    self.lengths = lengths
  }
}

extension CombiningLayer {
  /// It does.
  public var alignsSteps: Bool { true }

  /// For a single input. Throws ``LayerError`` where it takes more.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard combines.contains(1) else {
      throw LayerError(
        path: builder.path.isEmpty ? label : builder.path,
        "it takes \(combines.lowerBound) inputs at least; put it into a 'graph', where it names the nodes it takes")
    }
    return try declare(in: &builder, inputs: [input])
  }

  /// With a single input.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    self([LayerInput(input, lengths: context.lengths)], parameters, &context)
  }
}
