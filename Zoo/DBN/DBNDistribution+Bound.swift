import AviaryCore
import AviaryLayers
import AviaryTraining

extension DBNDistribution {
  /// The exact variational bound of log p(v) for each row: [batch], float64.
  ///
  ///     log p(v) ≥ Σₕ q(h | v)·(B(h) + log p(v | h) − log q(h | v))
  ///
  /// where q is the upward pass of the lowest RBM, p its downward pass, and B(h) the bound of the layers above, which
  /// for the top RBM is its own log p(h). If that RBM has the transposed weights of the one below, the bound equals log
  /// p(v) of the one below; anything that makes its data h ~ q(h | v) more likely then raises the bound, which is why
  /// training layer by layer works. (Hinton, Osindero and Teh, 2006.)
  ///
  /// Costs 2ⁿ products for n hidden units. Throws `ModelError` if a layer has more than 20.
  public func lowerBound(_ v: Tensor) throws -> Tensor {
    let machines = machines.map { $0.cast(to: .float64) }
    for machine in machines.dropLast() where machine.hiddenCount > RBMDistribution.enumerableUnits {
      throw ModelError(
        "\(machine.hiddenCount) hidden units have too many states for the exact bound; it handles at most "
          + "\(RBMDistribution.enumerableUnits) per layer")
    }
    let partition = try machines[machines.count - 1].logPartition()
    return DBNDistribution.bound(v.flattenedRows().cast(to: .float64), machines[...], partition)
  }

  private static func bound(_ v: Tensor, _ machines: ArraySlice<RBMDistribution>, _ partition: Double) -> Tensor {
    let machine = machines[machines.startIndex]
    guard machines.count > 1 else { return -machine.freeEnergy(v) - partition }
    let total = v.affine(weight: machine.weight, bias: machine.hiddenBias)
    let logNorm = total.softplus().sum(axes: [1], keepingDimensions: true)
    var sum = Tensor.zeros([v.shape[0]], dtype: .float64)
    let (count, piece) = (1 << machine.hiddenCount, 4096)
    for start in stride(from: 0, to: count, by: piece) {
      let h = RBMDistribution.states(of: machine.hiddenCount, start..<min(start + piece, count))
      let logUp = total.matmul(h, transposingRight: true) - logNorm
      let above = bound(h, machines.dropFirst(), partition)
      sum = sum + (logUp.exp() * (above + machine.logVisible(v, given: h) - logUp)).sum(axes: [1])
    }
    return sum
  }
}

extension RBMDistribution {
  /// `log p(v | h)` for each row of v and each of h: [rows of v, rows of h].
  func logVisible(_ v: Tensor, given h: Tensor) -> Tensor {
    let joint = v.matmul(weight).matmul(h, transposingRight: true) + (h * hiddenBias).sum(axes: [1])
    return joint - visibleEnergy(v).expandingDimension(at: 1) - logSumOverVisible(h)
  }
}
