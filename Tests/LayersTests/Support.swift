import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport

/// Registries with only the entries of this module.
let registries: Registries = {
  var registries = Registries()
  do { try registries.registerLayers() } catch { fatalError("\(error)") }
  return registries
}()

/// The maximum |a − b| / max(1, |b|); infinite if shapes differ or a number is not finite.
func distance(_ a: Tensor, _ b: Tensor) -> Double {
  guard a.shape == b.shape else { return .infinity }
  return zip(a.scalars(as: Double.self), b.scalars(as: Double.self)).reduce(0) { worst, pair in
    let difference = abs(pair.0 - pair.1) / max(1, abs(pair.1))
    return difference.isFinite ? max(worst, difference) : .infinity
  }
}

/// Numbers of the normal distribution, the same for the same seed.
func normal(_ shape: Shape, _ seed: UInt64, dtype: DType = .float64) -> Tensor {
  RandomSource(seed: seed).normal(shape, dtype: dtype)
}

/// The outputs, and the derivatives with respect to the input and each entry of the store, for a cotangent of the
/// outputs.
func derivatives(
  of model: Model, at input: Tensor, cotangent: Tensor, _ mode: Context.Mode = .training
) throws -> (output: Tensor, input: Tensor, parameters: [Tensor]) {
  var context = Context(mode)
  let variables = model.parameters.variables { $0.isTrainable }
  let x = Variable(tracking: input)
  let output = model.forward(x, variables, &context)
  let gradients = try output.gradients(
    withRespectTo: [x] + variables.filter(\.isTracked), cotangent: Variable(cotangent))
  return (output.value, gradients[0].value, gradients.dropFirst().map(\.value))
}

extension Tensor {
  /// Whether shape, dtype and all bits agree.
  func isIdentical(to other: Tensor) -> Bool { sameBits(self, other) }
}
