import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A fully connected layer whose dropout rate depends on each unit's input: units that respond little are dropped more
/// often.
///
///     yⱼ = f(zⱼ)·mⱼ,   P(mⱼ = 1) = pⱼ = σ(α·zⱼ + β),   z = x·W + b
///
/// The probabilities share the weights W and are not trained: no gradient flows through mⱼ. Inference uses the mean
/// f(zⱼ)·pⱼ. With α = 0 it is dropout with the rate 1 − σ(β) for all units, without rescaling. Monte Carlo inference
/// draws masks. (Ba and Frey: Adaptive dropout for training deep neural networks, 2013.)
///
/// Shapes: as for ``Dense``.
public struct Standout: Layer, Registrable {
  public static let name = "standout"
  public static let card = Card(
    "A fully connected layer that drops units more often the less they respond to their inputs.",
    formula: "yⱼ = f(zⱼ)·mⱼ,  P(mⱼ = 1) = σ(α·zⱼ + β),  z = x·W + b",
    references: ["Ba, Frey: Adaptive dropout for training deep neural networks (2013)"])

  /// Computes z; its activation f is applied here.
  var map = AffineMap(activation: Relu())
  @Field("Strength α with which the probability follows a unit's input z; 0 for a constant probability") var alpha = 1.0
  @Field("Bias β of the probability, which is σ(β) at z = 0") var beta = 0.0

  public init() {}

  /// A dense layer, including its activation, and the α and β of the probability. Traps if its weight is tied.
  public init(
    _ dense: Dense, alpha: Double = 1, beta: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    map = dense.untied(for: Self.name, file, line)
    self.alpha = alpha
    self.beta = beta
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try map.declare(in: &builder, input: input)
  }

  /// The outputs, masked in training, multiplied by their probabilities at inference.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let z = map.linear(input, parameters)
    let probability = (z * alpha + beta).sigmoid()
    let output = map.activation(z)
    guard context.drops else { return output * probability }
    let mask = context.random(for: parameters).sample(probabilities: probability.value)
    return output * Variable(mask)
  }
}
