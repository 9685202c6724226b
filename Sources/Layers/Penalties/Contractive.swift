import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Layers whose outputs should change little where the inputs do: a training pays for the squares of the derivatives.
///
/// h = f(x);  J ← J + rate·(1/n)·Σᵢ ‖∂hᵢ/∂xᵢ‖², the sum of the squares of all elements of each row's Jacobian, while training.
/// The sum is estimated without bias by ‖∂(z·hᵢ)/∂xᵢ‖² with random signs z, in one way back whatever the number of outputs.
///
/// Shapes: those of the layers. Parameters are named `"layers.0.dense.weight"`. The layers have derivatives of two orders.
/// (Rifai, Vincent, Muller, Glorot and Bengio: Contractive auto-encoders, 2011.)
public struct Contractive: Layer, Registrable {
  public static let name = "contractive"
  public static let card = Card(
    "Layers whose outputs should change little where the inputs do.",
    formula: "h = f(x);  J ← J + rate·(1/n)·Σᵢ ‖∂hᵢ/∂xᵢ‖²",
    references: [
      "Rifai, Vincent, Muller, Glorot, Bengio: Contractive auto-encoders, explicit invariance during feature extraction (2011)"
    ])

  /// f: the layers in order.
  @Field(.layer, "Layers of f in order: names, or objects with a name", .nonEmpty, example: [ActivationLayer(Tanh())])
  public private(set) var layers: [any Layer]
  @Field("Factor of the squares", .nonNegative) var rate = 0.1
  /// What runs.
  private var chain: Sequential?

  public init() {}

  /// Layers written down, with a rate. Traps on a negative one.
  public init(rate: Double = 0.1, @LayerBuilder _ layers: () -> [any Layer]) { self.init(layers(), rate) }

  private init(_ layers: [any Layer], _ rate: Double) {
    self.layers = layers
    self.rate = rate
    chain = Sequential(layers)
    self = required()
  }

  /// The layer, ready to run.
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
