import AviaryCore
import AviaryLayers

extension RBMDistribution {
  /// The pseudo-log-likelihood Σᵢ log p(vᵢ | the other visible units) of each row: [batch]. It does not need Z, and on
  /// RBMs small enough to compare, it follows the log-likelihood.
  ///
  /// Covers only inputs, rounded to 0 and 1, which must be binary units. Costs as many passes as there are inputs.
  /// (Besag: Statistical analysis of non-lattice data, 1975.)
  public func pseudoLogLikelihood(_ v: Tensor) -> Tensor {
    let bits = v.flattenedRows().round()
    let total = bits.affine(weight: weight, bias: hiddenBias)
    return (0..<inputCount).reduce(Tensor.zeros([v.shape[0]], dtype: dtype)) { sum, place in
      sum + logConditional(bits, total, places: Array(repeating: place, count: v.shape[0]))
    }
  }

  /// An estimate of the pseudo-log-likelihood from one input of each row, the one at `places`: inputs · log p(vᵢ |
  /// others). Its mean over all places is ``pseudoLogLikelihood(_:)``.
  public func pseudoLogLikelihood(_ v: Tensor, places: [Int]) -> Tensor {
    let bits = v.flattenedRows().round()
    return logConditional(bits, bits.affine(weight: weight, bias: hiddenBias), places: places) * Double(inputCount)
  }

  /// For one unit i of each row, `log p(vᵢ | others) = log σ(F(v with unit i flipped) − F(v))`.
  private func logConditional(_ v: Tensor, _ total: Tensor, places: [Int]) -> Tensor {
    require(visible == .binary && places.count == v.shape[0], "need one binary unit for each row of \(v.shape)")
    let places = Tensor(places)
    let change = 1 - 2 * v.gatherElements(places.reshaped(to: [-1, 1]))
    let flipped = total + change * weight.gather(places)
    let difference =
      hiddenFreeEnergy(flipped) - hiddenFreeEnergy(total) - change.flattened() * visibleBias.gather(places)
    return difference.logSigmoid()
  }
}
