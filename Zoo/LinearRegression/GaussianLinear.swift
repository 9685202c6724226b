import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Linear units that keep, beside the mean of their weights, what is known of them: y = x·W + b.
///
/// Shapes: input anything, flattened to [in], weight [in, units], bias [units]; state: the precision's factor [p, p] of a
/// unit's weights and bias, p = in + 1 (in without bias), and the noise variance. Both begin as the prior.
struct GaussianLinear: Layer {
  let units: Int
  let hasBias: Bool
  let priorPrecision: Double
  let noisePrecision: Double

  let label = "gaussian-linear"

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let size = input.elementCount + (hasBias ? 1 : 0)
    guard size <= 10_000 else {
      throw LayerError(path: builder.path, "the precision of \(size) weights is too large; at most 10000 are possible")
    }
    try builder.parameter("weight", shape: [input.elementCount, units], initializer: Zeros())
    if hasBias { try builder.parameter("bias", shape: [units], initializer: Zeros()) }
    let factor = Tensor.identity(size, dtype: .float64) * priorPrecision.squareRoot()
    try builder.state("precision-factor", initial: factor)
    try builder.state("noise-variance", initial: Tensor(1 / noisePrecision))
    return [units]
  }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let x = input.flattenedRows()
    let weight = parameters["weight"]
    return hasBias ? x.affine(weight: weight, bias: parameters["bias"]) : x.matmul(weight)
  }
}

extension LinearPosterior {
  /// The posterior that a model `linear-regression` of the method `bayesian` keeps. Throws `ModelError` for another model.
  public init(_ model: Model) throws {
    let (units, state) = try (
      LinearUnits(model, for: "a posterior", of: "linear-regression"), LinearPosterior.state(of: model)
    )
    let weights = [units.weights] + (units.biases.map { [$0.expandingDimension(at: 0)] } ?? [])
    let entries = model.parameters.entries
    self.init(
      mean: Tensor.concatenate(weights).cast(to: .float64),
      factor: model.parameters.value(of: entries[state.factor]).cast(to: .float64),
      noiseVariance: model.parameters.value(of: entries[state.noise]).item(), hasBias: units.bias != nil)
  }

  /// The indices in the store of the precision's factor and of the noise variance.
  static func state(of model: Model) throws -> (factor: Int, noise: Int) {
    func index(_ name: String) -> Int? {
      model.parameterIndices.first { model.parameters.entries[$0].name.hasSuffix(name) }
    }
    guard let factor = index("precision-factor"), let noise = index("noise-variance") else {
      throw ModelError(
        "the model keeps no posterior; one of 'linear-regression' with \"method\": \"bayesian\" does")
    }
    return (factor, noise)
  }
}
