import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A model of only linear units, z = x·W + b, for rules that train it without automatic differentiation.
struct LinearUnits {
  /// The index of the weights in the store.
  let weight: Int
  /// The index of the biases in the store; nil without biases.
  let bias: Int?
  /// W [in, units].
  let weights: Tensor
  /// Biases b [units].
  let biases: Tensor?

  /// Throws if the model has more than one layer of units; the error suggests the model `owner`.
  init(_ model: Model, for rule: String, of owner: String) throws {
    let entries = model.parameters.entries
    let trained = model.parameterIndices.filter { entries[$0].isTrainable }
    let weights = trained.filter { entries[$0].name.hasSuffix("weight") && entries[$0].shape.rank == 2 }
    bias = trained.first { entries[$0].name.hasSuffix("bias") }
    guard weights.count == 1, trained.count == (bias == nil ? 1 : 2) else {
      let names = trained.map { "'\(entries[$0].name)'" }.listed(atMost: 10)
      throw ModelError(
        "\(rule) trains one layer of linear units, but the model has \(names); use it with the model '\(owner)'")
    }
    weight = weights[0]
    self.weights = model.parameters.value(of: entries[weight])
    biases = bias.map { model.parameters.value(of: entries[$0]) }
  }

  /// The number of units.
  var count: Int { weights.shape[1] }

  /// The sums z [n, units] of inputs [n, in].
  func sums(_ x: Tensor) -> Tensor {
    let sums = x.matmul(weights)
    return biases.map { sums + $0 } ?? sums
  }

  /// New values of W and b by index.
  func values(_ weight: Tensor, _ bias: Tensor?) -> [Int: Tensor] {
    var values = [self.weight: weight.cast(to: weights.dtype)]
    if let index = self.bias, let bias { values[index] = bias.cast(to: weights.dtype) }
    return values
  }

  /// The gradient vector of the trained parameters, from those of W and b.
  func gradient(weight dW: Tensor, bias db: Tensor?, _ trained: TrainedParameters) -> Tensor {
    let gradients = trained.indices.map { index in index == bias ? db ?? Tensor.zeros([count], dtype: dW.dtype) : dW }
    return trained.joined(gradients, dW.dtype)
  }

  /// The same from the derivative of the mean objective with respect to each row's sums, [n, units].
  func gradient(of error: Tensor, at x: Tensor, _ trained: TrainedParameters) -> Tensor {
    gradient(
      weight: x.matmul(error, transposingSelf: true) / Double(x.shape[0]), bias: error.mean(axes: [0]), trained)
  }
}
