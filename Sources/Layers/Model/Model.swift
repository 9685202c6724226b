import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A layer with its parameters, built for one input shape.
///
/// ```swift
/// let network = Sequential {
///   Dense(128, activation: Sigmoid())
///   Dense(5)
/// }
/// var model = try Model(network, input: [1296], seed: 1)
/// print(model.summary)
/// let logits = model(images)                            // inference: float32[n, 5]
/// ```
///
/// A model is a value: a copy is independent of its original.
public struct Model: Sendable {
  /// The network.
  public let layer: any Layer
  /// Its weights and state.
  public var parameters: ParameterStore
  /// The shape of one input, without the batch axis.
  public let inputShape: Shape
  /// The shape of one output.
  public let outputShape: Shape
  package let scope: ParameterScope
  /// The layers by path, with their output shapes and the number of elements they declared.
  let outline: [(path: String, output: Shape, parameters: Int)]

  /// Builds a network: infers and checks all shapes, and creates the initial values.
  ///
  /// - Parameters:
  ///   - layer: the network.
  ///   - input: the shape of one input, without the batch axis.
  ///   - stepsVary: whether inputs are sequences [steps, …] of different lengths, padded to the longest of a batch.
  ///   - furtherInputs: the shapes of further inputs by name, for layers that take several.
  ///   - dtype: the parameters' type, float32 or float64.
  ///   - seed: the seed of the initial values.
  /// - Throws: ``LayerError`` for a layer that cannot be used in its place, or cannot tell data from padding.
  public init(
    _ layer: any Layer, input: Shape, stepsVary: Bool = false, furtherInputs: [String: InputShape] = [:],
    dtype: DType = .float32, seed: UInt64
  ) throws {
    try self.init(
      ModelPlan(
        layer, input: InputShape(input, stepsVary: stepsVary), furtherInputs: furtherInputs, dtype: dtype, seed: seed))
  }

  /// Builds a plan. Throws ``LayerError`` if an initializer returns the wrong shape or type.
  package init(_ plan: ModelPlan) throws {
    (layer, inputShape, outputShape) = (plan.layer, plan.input, plan.output)
    outline = plan.outline
    (parameters, scope) = try plan.finish()
  }

  /// Makes a registered layer and builds it: `"sequential"` with a list of layers, for example.
  ///
  /// Throws `ConfigurationError` for an invalid specification, ``LayerError`` for a layer that cannot be used in its
  /// place.
  public init(
    _ specification: Specification, in registries: Registries, input: Shape, dtype: DType = .float32, seed: UInt64
  ) throws {
    try self.init(registries.make(.layer, specification), input: input, dtype: dtype, seed: seed)
  }

  /// A layer of a model with its scope, on the same store.
  init(_ layer: any Layer, _ scope: ParameterScope, _ parameters: ParameterStore) {
    self.layer = layer
    self.parameters = parameters
    self.scope = scope
    inputShape = scope.input
    outputShape = scope.output
    outline = []
  }

  /// The parameters' dtype.
  public var dtype: DType { parameters.dtype }

  /// Whether inputs are sequences of different lengths, the longest of which sets a batch's number of steps.
  public var stepsVary: Bool { scope.stepsVary }

  /// The outputs of a batch [batch] + `inputShape` at inference, without recording or randomness. Traps on inputs of
  /// another shape, and on values that a layer refuses; ``checkedOutputs(of:lengths:file:line:)`` throws those.
  ///
  /// - Parameters:
  ///   - input: the batch.
  ///   - lengths: the number of valid steps of each row; nil if all are valid.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: [batch] + `outputShape`.
  public func callAsFunction(
    _ input: Tensor, lengths: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var context = Context(.inference, lengths: lengths)
    return forward(Variable(input), parameters.variables { _ in false }, &context, file: file, line: line).value
  }

  /// The outputs of a batch [batch] + `inputShape` with given parameters, one variable per entry of the store, as from
  /// ``ParameterStore/variables(tracking:)``. Traps on inputs of another shape, and on values that a layer refuses.
  public func forward(
    _ input: Variable, _ values: [Variable], _ context: inout Context, file: StaticString = #fileID, line: UInt = #line
  ) -> Variable {
    let output = run(input, values, &context, file, line)
    if let problem = context.problem { trap("\(problem)", file, line) }
    return output
  }

  /// As ``forward(_:_:_:file:line:)``, but throws the ``LayerError`` of values that a layer refuses, such as a symbol
  /// without a vector: for inputs from a file.
  public func checkedForward(
    _ input: Variable, _ values: [Variable], _ context: inout Context, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Variable {
    let output = run(input, values, &context, file, line)
    if let problem = context.problem { throw problem }
    return output
  }

  /// As `model(input)`, but throws the ``LayerError`` of values that a layer refuses. Traps on inputs of another shape.
  public func checkedOutputs(
    of input: Tensor, lengths: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    var context = Context(.inference, lengths: lengths)
    let values = parameters.variables { _ in false }
    return try checkedForward(Variable(input), values, &context, file: file, line: line).value
  }

  private func run(
    _ input: Variable, _ values: [Variable], _ context: inout Context, _ file: StaticString, _ line: UInt
  ) -> Variable {
    let anySteps = stepsVary || context.carried != nil
    let fixed = anySteps ? 1 : 0
    require(
      input.rank == inputShape.rank + 1 && input.shape.dropFirst(1 + fixed).elementsEqual(inputShape.dropFirst(fixed)),
      "the model needs inputs [batch] + \(inputShape)\(anySteps ? " of any number of steps" : ""), not \(input.shape)",
      file,
      line)
    if let lengths = context.lengths {
      require(
        stepsVary && lengths.count == input.shape[0] && lengths.allSatisfy { $0 > 0 && $0 <= input.shape[1] },
        stepsVary
          ? "there is a length from 1 to \(input.shape[1]) for each of the \(input.shape[0]) rows"
          : "the model was not built for sequences of different lengths: Model(…, stepsVary: true)", file, line)
    }
    require(
      values.count == parameters.entries.count,
      "got \(values.count) variables for the \(parameters.entries.count) entries of the model's store", file, line)
    return layer(input, Parameters(scope: scope, values: values), &context)
  }
}

extension Shape {
  /// The shape of an image: [height, width, channels].
  public static func image(_ height: Int, _ width: Int, _ channels: Int) -> Shape { [height, width, channels] }
}
