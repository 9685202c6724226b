import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Layers whose intermediate results are computed again in the backward pass instead of being kept: less memory, more
/// time.
///
/// ```json
/// {"name": "checkpointed", "layers": [{"name": "dense", "units": 512, "activation": "relu"}, "batch-norm"]}
/// ```
///
/// Only the input of the layers is kept. In √n such groups, a network of n layers needs memory for about 2·√n layers
/// instead of n, and one more forward pass per step. Values, gradients, random numbers and running statistics do not
/// change. (Chen, Xu, Zhang and Guestrin, 2016.)
public struct CheckpointedLayers: Layer, Registrable {
  public static let name = "checkpointed"
  public static let card = Card(
    "Layers whose intermediate results are computed again in the backward pass: less memory, more time.",
    formula: "y = fₙ(… f₂(f₁(x)))",
    references: ["Chen, Xu, Zhang, Guestrin: Training deep nets with sublinear memory cost (2016), arXiv:1604.06174"])

  @Field(.layer, "Layers in order: names, or objects with a name", .nonEmpty, example: [Flatten()])
  public private(set) var layers: [any Layer]
  /// The runnable layers.
  private var chain: Sequential?

  public init() {}

  /// Layers from a result builder.
  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

  init(_ layers: [any Layer]) {
    self.layers = layers
    chain = Sequential(layers)
  }

  public func product() -> any Layer { CheckpointedLayers(layers) }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try Sequential(layers).declare(in: &builder, input: input)
  }

  /// Building the model checks the layers inside.
  public var allowsPadding: Bool { true }

  /// Whether all layers inside are causal.
  public var isCausal: Bool { layers.allSatisfy(\.isCausal) }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let chain = chain ?? Sequential(layers)
    guard context.isTraining else { return chain(input, parameters, &context) }
    // The layers' penalties are among the results, so that derivatives flow through them.
    let added = context.penalties
    context.penalties = []
    let (before, places) = (context, parameters.scope.indices)
    var after: Context?
    let results = checkpointed([input] + places.map { parameters.values[$0] }) { inputs in
      var (values, context) = (parameters.values, before)
      for (place, value) in zip(places, inputs.dropFirst()) { values[place] = value }
      let output = chain(inputs[0], Parameters(scope: parameters.scope, values: values), &context)
      // Keep the context of the first call only; the backward pass calls again.
      if after == nil { after = context }
      return [output] + context.penalties
    }
    context = after ?? before
    context.penalties = added + results.dropFirst()
    return results[0]
  }
}
