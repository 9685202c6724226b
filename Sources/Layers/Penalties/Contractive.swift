import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Layers with a contractive penalty: the squares of the outputs' derivatives with respect to the inputs, so that
/// outputs change little if inputs do.
///
///     h = f(x);  J ← J + rate·(1/n)·Σᵢ ‖∂hᵢ/∂xᵢ‖²
///
/// The penalty applies in training; it sums the squares of all elements of each row's Jacobian. The sum is estimated
/// without bias by ‖∂(z·hᵢ)/∂xᵢ‖² with random signs z, which takes one backward pass for any number of outputs.
///
/// Shapes: those of the layers, which must be twice differentiable. Parameters are named `"layers.0.dense.weight"`.
/// (Rifai, Vincent, Muller, Glorot and Bengio: Contractive auto-encoders, 2011.)
public struct Contractive: Layer, Registrable {
  public static let name = "contractive"
  public static let card = Card(
    "Layers with a contractive penalty, so that outputs change little if inputs do.",
    formula: "h = f(x);  J ← J + rate·(1/n)·Σᵢ ‖∂hᵢ/∂xᵢ‖²",
    references: [
      "Rifai, Vincent, Muller, Glorot, Bengio: Contractive auto-encoders, explicit invariance during feature extraction (2011)"
    ])

  /// The layers of f, in order.
  @Field(.layer, "Layers of f in order: names, or objects with a name", .nonEmpty, example: [ActivationLayer(Tanh())])
  public private(set) var layers: [any Layer]
  @Field("Factor of the penalty", .nonNegative) var rate = 0.1
  /// The runnable chain.
  private var chain: Sequential?

  public init() {}

  /// Layers from a result builder, and the rate. Traps on a negative rate.
  public init(rate: Double = 0.1, @LayerBuilder _ layers: () -> [any Layer]) { self.init(layers(), rate) }

  private init(_ layers: [any Layer], _ rate: Double) {
    self.layers = layers
    self.rate = rate
    chain = Sequential(layers)
    self = required()
  }

  /// The runnable layer.
  public func product() -> any Layer { Contractive(layers, rate) }

  /// Declares the layers.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try builder.declare(Sequential(layers), as: "layers", input: input)
  }

  /// The layers' outputs.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let chain = chain ?? Sequential(layers)
    guard context.isTraining, rate > 0, input.dtype.isDifferentiable else {
      return chain(input, parameters[child: 0], &context)
    }
    let x = input.isTracked ? input : Variable(tracking: input.value)
    let h = chain(x, parameters[child: 0], &context)
    let signs = context.random(for: parameters)["signs"].bernoulli(h.shape, probability: 0.5).cast(to: h.dtype) * 2 - 1
    do {
      let slopes = try h.gradients(withRespectTo: [x], cotangent: Variable(signs), recording: true)[0]
      context.penalize(slopes.square().sum() * (rate / Double(max(1, input.shape[0]))))
    } catch { trap("layer \(parameters.path): \(error)") }
    return h
  }
}
