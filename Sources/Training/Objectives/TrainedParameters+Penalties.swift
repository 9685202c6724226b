import AviaryAutograd
import AviaryCore
import AviaryLayers

extension TrainedParameters {
  /// Adds the derivatives of the trained parameters' penalties to their gradients.
  ///
  /// - Parameters:
  ///   - gradients: one for each trained parameter, of its shape.
  ///   - store: the parameters.
  /// - Returns: the penalties' sum.
  /// - Throws: where a penalty has no derivative.
  public func penalize(_ gradients: inout [Tensor], _ store: ParameterStore) throws -> Double {
    var sum = 0.0
    for (place, index) in indices.enumerated() {
      let entry = store.entries[index]
      guard let regularizer = entry.regularizer else { continue }
      let parameter = Variable(tracking: store.value(of: entry))
      let penalty = regularizer(parameter)
      sum += penalty.value.item()
      guard penalty.isTracked else { continue }
      gradients[place] = try gradients[place] + penalty.gradients(withRespectTo: [parameter])[0].value
    }
    return sum
  }
}
