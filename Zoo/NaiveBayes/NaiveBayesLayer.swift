import AviaryAutograd
import AviaryCore
import AviaryLayers

/// The logarithm of each class's prior times the density of the features, taken as independent given the class:
///
/// ```
/// zₖ = log pₖ + Σⱼ log p(xⱼ | k)
/// ```
///
/// Softmax makes them the classes' probabilities. Shapes: input flattened to [features]; `prior` [classes], logarithms; `first` and
/// `second` [classes, features]: mean and variance (gaussian), the logarithms of p and 1 − p (bernoulli), or of p alone
/// (multinomial); output [classes].
struct NaiveBayesLayer: Layer {
  let classes: Int
  let distribution: NaiveBayes.Distribution

  let label = "naive-bayes"

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let shape: Shape = [classes, input.elementCount]
    try builder.parameter("prior", shape: [classes], initializer: Zeros())
    try builder.parameter("first", shape: shape, initializer: Zeros())
    if distribution != .multinomial {
      try builder.parameter("second", shape: shape, initializer: Constant(distribution == .gaussian ? 1 : 0))
    }
    return [classes]
  }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (x, prior, first) = (input.flattenedRows(), parameters["prior"], parameters["first"])
    switch distribution {
    case .multinomial: return x.matmul(first, transposingRight: true) + prior
    case .bernoulli:
      let isOn = (x .> 0).cast(to: input.dtype)
      return isOn.matmul(first, transposingRight: true)
        + (1 - isOn).matmul(parameters["second"], transposingRight: true) + prior
    case .gaussian:
      let variance = parameters["second"]
      // One class after another, so that memory does not grow with their number; differences before squares, so that large
      // means do not cancel.
      let densities = (0..<classes).map { label in
        let deviation = (x - first[label]).square() / variance[label]
        return (deviation + (variance[label] * (2 * Double.pi)).log()).sum(axes: [1], keepingDimensions: true) * -0.5
      }
      return Variable.concatenate(densities, axis: 1) + prior
    }
  }
}
