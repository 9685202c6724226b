import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A fully connected layer that drops its units by a probability of their own, which follows from their inputs: what
/// hardly responds is dropped more often.
///
/// z = x·W + b; unit j is kept with the probability pⱼ = σ(α·zⱼ + β): yⱼ = f(zⱼ)·mⱼ, P(mⱼ = 1) = pⱼ. The network that
/// drops shares the weights W of the one it drops from, and is not trained: no derivative goes through mⱼ. In inference
/// yⱼ = f(zⱼ)·pⱼ, the mean. With α = 0 it is dropout at the rate 1 − σ(β) for all units, without its scale. Monte Carlo
/// inference draws masks. (Ba and Frey: Adaptive dropout for training deep neural networks, 2013.)
///
/// Shapes: as of ``Dense``.
public struct Standout: Layer, Registrable {
  public static let name = "standout"
  public static let card = Card(
    "A fully connected layer that drops a unit the more often the less it responds to its inputs.",
    formula: "yⱼ = f(zⱼ)·mⱼ,  P(mⱼ = 1) = σ(α·zⱼ + β),  z = x·W + b",
    references: ["Ba, Frey: Adaptive dropout for training deep neural networks (2013)"])

  /// What computes z, and has f, which is applied here.
  var map = AffineMap(activation: Relu())
  @Field("How strongly the probability α follows a unit's input z; 0 for the same probability always") var alpha = 1.0
  @Field("Bias β of the probability: σ(β) of a unit is kept at z = 0") var beta = 0.0

  public init() {}

  /// A dense layer, its activation included, and the probability's α and β. Traps where its weight is tied to another.
  public init(
    _ dense: Dense, alpha: Double = 1, beta: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    map = dense.untied(for: Self.name, file, line)
    self.alpha = alpha
    self.beta = beta
    self = required(file: file, line: line)
  }

  /// W and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try map.declare(in: &builder, input: input)
  }

  /// The outputs, dropped while training, weighted by their probabilities in inference.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let z = map.linear(input, parameters)
    let probability = (z * alpha + beta).sigmoid()
    let output = map.activation(z)
    guard context.drops else { return output * probability }
    let mask = context.random(for: parameters).sample(probabilities: probability.value)
    return output * Variable(mask)
  }
}
