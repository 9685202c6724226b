import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A model of linear units alone, z = x·W + b, as rules see it that train such without automatic differentiation.
struct LinearUnits {
  /// The weights' index in the store.
  let weight: Int
  /// The biases' index in the store; nil where there are none.
  let bias: Int?
  /// W [in, units].
  let weights: Tensor
  /// b [units].
  let biases: Tensor?

  /// The units of a model. Throws where it has more than one layer of them; `owner` is a model that has not.
  init(_ model: Model, for rule: String, of owner: String) throws {
    let entries = model.parameters.entries
    let trained = model.parameterIndices.filter { entries[$0].isTrainable }
    let weights = trained.filter { entries[$0].name.hasSuffix("weight") && entries[$0].shape.rank == 2 }
    bias = trained.first { entries[$0].name.hasSuffix("bias") }
    guard weights.count == 1, trained.count == (bias == nil ? 1 : 2) else {
      let names = trained.map { "'\(entries[$0].name)'" }.listed(atMost: 10)
      throw ModelError(
        "\(rule) trains one layer of linear units, and the model has \(names); use it with the model '\(owner)'")
    }
    weight = weights[0]
    self.weights = model.parameters.value(of: entries[weight])
    biases = bias.map { model.parameters.value(of: entries[$0]) }
  }

  /// How many units.
  var count: Int { weights.shape[1] }

  /// z [n, units] of inputs [n, in].
  func sums(_ x: Tensor) -> Tensor {
    let sums = x.matmul(weights)
    return biases.map { sums + $0 } ?? sums
  }

  /// New values of W and b, by the entries' indices.
  func values(_ weight: Tensor, _ bias: Tensor?) -> [Int: Tensor] {
    var values = [self.weight: weight.cast(to: weights.dtype)]
    if let index = self.bias, let bias { values[index] = bias.cast(to: weights.dtype) }
    return values
  }

  /// The vector of the trained parameters' gradients, from those of W and b.
  func gradient(weight dW: Tensor, bias db: Tensor?, _ trained: TrainedParameters) -> Tensor {
    let gradients = trained.indices.map { index in index == bias ? db ?? Tensor.zeros([count], dtype: dW.dtype) : dW }
    return trained.joined(gradients, dW.dtype)
  }

  /// The same from the derivative of the mean objective by each row's sums, [n, units].
  func gradient(of error: Tensor, at x: Tensor, _ trained: TrainedParameters) -> Tensor {
    gradient(
      weight: x.matmul(error, transposingSelf: true) / Double(x.shape[0]), bias: error.mean(axes: [0]), trained)
  }
}
