import AviaryCore

/// A model before it is built: all shapes, without memory for the values.
package struct ModelPlan {
  /// The network.
  package let layer: any Layer
  /// The shape of one input, without the batch axis.
  package let input: Shape
  /// The shape of one output.
  package let output: Shape
  private let stepsVary: Bool
  private let builder: ParameterBuilder

  /// Infers and checks all shapes, like ``Model/init(_:input:stepsVary:furtherInputs:dtype:seed:)``. Throws
  /// ``LayerError`` for a layer that cannot be used in its place.
  package init(
    _ layer: any Layer, input: InputShape, furtherInputs: [String: InputShape] = [:], dtype: DType, seed: UInt64
  ) throws {
    guard dtype.isDifferentiable else {
      throw LayerError(path: "", "parameters must be float32 or float64, not \(dtype.name)")
    }
    var builder = ParameterBuilder(dtype: dtype, random: RandomSource(seed: seed)["initial"])
    (builder.stepsVary, builder.furtherInputs) = (input.stepsVary, furtherInputs)
    try builder.check(input.shape, "the input")
    for (name, further) in furtherInputs { try builder.check(further.shape, "the input '\(name)'") }
    output = try builder.checkedOutput(of: layer, input: input.shape)
    (self.layer, self.input, stepsVary, self.builder) = (layer, input.shape, input.stepsVary, builder)
  }

  /// The parameters' dtype.
  package var dtype: DType { builder.dtype }

  /// All parameters, in order of declaration.
  package var entries: [ParameterStore.Entry] { builder.entries }

  /// The entries whose names match a pattern, as ``ParameterStore/entries(matching:)``.
  package func entries(matching pattern: String) -> [ParameterStore.Entry] {
    NamePattern(pattern).matching(builder.entries)
  }

  /// The layers by path, with their output shapes and the number of elements they declared.
  package var outline: [(path: String, output: Shape, parameters: Int)] { builder.outline }

  func finish() throws -> (store: ParameterStore, scope: ParameterScope) {
    try builder.finish(layer, input: input, output: output, stepsVary: stepsVary)
  }
}
