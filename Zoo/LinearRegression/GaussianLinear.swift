import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Linear units y = x·W + b with a posterior: the mean of their weights and its precision.
///
/// Shapes: input flattened to [in], weight [in, units], bias [units]. State: the factor [p, p] of the precision of each
/// unit's weights and bias, p = in + 1 (in without bias), and the noise variance. Mean and precision start as the
/// prior.
struct GaussianLinear: Layer {
  let units: Int
  let hasBias: Bool
  let priorPrecision: Double
  let noisePrecision: Double

  let label = "gaussian-linear"

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let size = input.elementCount + (hasBias ? 1 : 0)
    guard size <= 10_000 else {
      throw LayerError(
        path: builder.path, "the precision matrix of \(size) weights is too large; the limit is 10000 weights")
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
  /// The posterior in a trained `linear-regression` model with method `bayesian`. Throws `ModelError` for another
  /// model.
  public init(_ model: Model) throws {
    let (units, state) = try (
      LinearUnits(model, for: "the posterior", of: "linear-regression"), LinearPosterior.state(of: model)
    )
    let weights = [units.weights] + (units.biases.map { [$0.expandingDimension(at: 0)] } ?? [])
    let entries = model.parameters.entries
    self.init(
      mean: Tensor.concatenate(weights).cast(to: .float64),
      factor: model.parameters.value(of: entries[state.factor]).cast(to: .float64),
      noiseVariance: model.parameters.value(of: entries[state.noise]).item(), hasBias: units.bias != nil)
  }

  /// The indices of the precision factor and of the noise variance in the store.
  static func state(of model: Model) throws -> (factor: Int, noise: Int) {
    func index(_ name: String) -> Int? {
      model.parameterIndices.first { model.parameters.entries[$0].name.hasSuffix(name) }
    }
    guard let factor = index("precision-factor"), let noise = index("noise-variance") else {
      throw ModelError(
        "the model has no posterior; use 'linear-regression' with \"method\": \"bayesian\"")
    }
    return (factor, noise)
  }
}
