import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Layers applied to each step of a sequence separately, with shared weights.
///
/// ```swift
/// TimeDistributed {                             // for a sequence of images
///   Conv2D(8, window: 3, activation: Relu())
///   Flatten()
/// }
/// ```
///
/// Shapes: input [steps, …], output [steps] + the layers' output for […]. Parameters are named
/// `"layers.0.conv2d.weight"`. Layers that use the whole batch, such as ``BatchNorm``, see the steps as rows.
public struct TimeDistributed: Layer, Registrable {
  public static let name = "time-distributed"
  public static let card = Card(
    "Layers applied to each step of a sequence separately, with shared weights.", formula: "y[t] = f(x[t])")

  @Field(.layer, "Layers of f in order: names, or objects with a name", .nonEmpty, example: [ActivationLayer(Tanh())])
  public private(set) var layers: [any Layer]
  /// The runnable chain.
  private var chain: Sequential?

  public init() {}

  /// Layers from a result builder.
  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

  private init(_ layers: [any Layer]) {
    self.layers = layers
    chain = Sequential(layers)
  }

  public func product() -> any Layer { TimeDistributed(layers) }

  /// Declares the layers for a single step.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank >= 2 else {
      throw LayerError(
        path: builder.path,
        "it takes sequences [steps, …] with at least one more axis, not \(input); put a 'reshape' layer before it"
      )
    }
    let stepsVary = builder.stepsVary
    builder.stepsVary = false
    defer { builder.stepsVary = stepsVary }
    let output = try builder.declare(Sequential(layers), as: "layers", input: input.removing(axis: 0))
    return output.inserting(input[0], at: 0)
  }

  /// The layers see only valid steps.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// Treats all steps of all rows as the rows of one batch.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let chain = chain ?? Sequential(layers)
    if let data = context.steps(of: input) {
      let lengths = context.lengths
      context.lengths = nil
      defer { context.lengths = lengths }
      return data.sequences(of: chain(data.rows(of: input), parameters[child: 0], &context))
    }
    let (rows, steps) = (input.shape[0], input.shape[1])
    let all = input.reshaped(to: input.shape.removing(axis: 0).removing(axis: 0).inserting(rows * steps, at: 0))
    let output = chain(all, parameters[child: 0], &context)
    return output.reshaped(to: output.shape.removing(axis: 0).inserting(steps, at: 0).inserting(rows, at: 0))
  }
}
