import AviaryAutograd
import AviaryCore
import AviaryLayers

extension TrainedParameters {
  /// Adds the derivatives of the trained parameters' penalties to their gradients.
  ///
  /// - Parameters:
  ///   - gradients: one per trained parameter, of its shape.
  ///   - store: the parameters.
  /// - Returns: the sum of the penalties.
  /// - Throws: if a penalty has no derivative.
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

  /// The trained parameters whose penalties have a proximal step, and their λ.
  func proximal(in store: ParameterStore) -> [(entry: ParameterStore.Entry, rate: Double)] {
    indices.compactMap { index in
      let entry = store.entries[index]
      guard let rate = entry.regularizer?.proximalRate, rate > 0 else { return nil }
      return (entry, rate)
    }
  }

  /// The proximal steps of the penalties:
  ///
  /// ```
  /// w ← sign(w)·max(|w| − η·λ, 0)
  /// ```
  func shrink(_ store: inout ParameterStore, by gradientStep: Double?) {
    for (entry, rate) in proximal(in: store) {
      guard let gradientStep else {
        trap("the penalty of '\(entry.name)' is proximal: pass the optimizer's gradientStep to the update")
      }
      let value = store.value(of: entry)
      let threshold = gradientStep * rate
      // Subtracting what is cut off turns values below the threshold into 0, never −0.
      store.set(entry, to: value - value.clamped(to: -threshold...threshold))
    }
  }
}
