import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry

/// Draws a code from the normal distribution that an encoder predicts, by the reparameterization trick, so that
/// gradients flow through it: z = μ + σ·ε, ε ~ N(0, 1).
///
/// In inference, the code is the mean, z = μ.
///
/// Shapes: input [2·units], the means μ and the logarithms of the variances, log σ²; output [units]. (Kingma and
/// Welling: Auto-encoding variational Bayes, 2014.)
public struct GaussianCode: Layer, Registrable {
  public static let name = "gaussian-code"
  public static let card = Card(
    "Draws a code from a normal distribution whose means and variances are the inputs; the mean in inference.",
    formula: "z = μ + exp(½·log σ²)·ε,  ε ~ N(0, 1)",
    references: ["Kingma, Welling: Auto-encoding variational Bayes (2014), arXiv:1312.6114"])

  public init() {}

  /// Halves the number of units. Throws `LayerError` if the number of inputs is odd.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank == 1, input[0].isMultiple(of: 2) else {
      throw LayerError(
        path: builder.path,
        "it needs an even number of inputs, means followed by logarithms of variances, but the input is \(input)")
    }
    return [input[0] / 2]
  }

  /// A draw in training and in Monte Carlo inference, the mean in inference.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.drops else { return mean(input) }
    return draw(input, context.random(for: parameters))
  }

  /// The means μ, [batch, units].
  func mean(_ input: Variable) -> Variable { input.slice(axis: 1, 0..<(input.shape[1] / 2)) }

  /// The logarithms of the variances, log σ², [batch, units].
  func logVariance(_ input: Variable) -> Variable { input.slice(axis: 1, (input.shape[1] / 2)..<input.shape[1]) }

  /// Draws μ + σ·ε.
  func draw(_ input: Variable, _ random: RandomSource) -> Variable {
    let mean = mean(input)
    return mean + (logVariance(input) * 0.5).exp() * Variable(random.normal(mean.shape, dtype: mean.dtype))
  }

  /// The Kullback–Leibler divergence of N(μ, σ²) from N(0, 1) for each row: ½·Σ (μ² + σ² − 1 − log σ²).
  func divergence(_ input: Variable) -> Variable {
    let (mean, logVariance) = (mean(input), logVariance(input))
    return (mean * mean + logVariance.exp() - 1 - logVariance).sum(axes: [1]) * 0.5
  }
}
