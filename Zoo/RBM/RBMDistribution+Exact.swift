import AviaryCore
import AviaryTraining

extension RBMDistribution {
  /// The maximum number of units whose states can be enumerated.
  public static let enumerableUnits = 20

  /// Whether one side has few enough binary units for ``logPartition()``.
  public var isEnumerable: Bool { min(hiddenUnits, visibleUnits) <= RBMDistribution.enumerableUnits }

  private var hiddenUnits: Int { hidden == .binary ? hiddenCount : Int.max }
  /// Visible units without those of the label.
  private var visibleUnits: Int { visible == .binary ? inputCount : Int.max }

  /// Computes log Z = log Σ exp(−E(v, h)) exactly, by enumerating all states of the smaller side.
  ///
  /// Computed in float64. The 2ⁿ states of n units cost one product each; 20 units take a second with some hundred on
  /// the other side. Throws `ModelError` if both sides have more than 20, where Gaussian units count as infinitely
  /// many; use ``annealedLogPartition(chains:temperatures:baseRates:random:file:line:)`` then.
  public func logPartition() throws -> Double {
    let machine = cast(to: .float64)
    guard isEnumerable else {
      throw ModelError(
        "an RBM with \(visibleCount) visible and \(hiddenCount) hidden units has too many states to enumerate; one side must "
          + "have at most \(RBMDistribution.enumerableUnits) binary units, or use the estimate annealedLogPartition()")
    }
    if hiddenUnits <= visibleUnits {
      return logSumOverStates(hiddenUnits) { machine.logSumOverVisible($0) }
    }
    guard labels > 0 else { return logSumOverStates(visibleUnits) { -machine.freeEnergy($0) } }
    return logSumOverStates(visibleUnits) { inputs in
      let logits = machine.classLogits(inputs)
      let biases = machine.visibleBias.slice(axis: 0, 0..<inputCount)
      return logits.logSumExp(axes: [1]) + (inputs * biases).sum(axes: [1])
    }
  }

  /// The exact log-likelihood of each row, `log p(v) = −F(v) − log Z`: [batch], float64. Throws like
  /// ``logPartition()``.
  public func logLikelihood(_ v: Tensor) throws -> Tensor {
    logLikelihood(v, logPartition: try logPartition())
  }

  /// The log-likelihood of each row, `log p(v) = −F(v) − log Z`, [batch], float64, with a known or estimated log Z,
  /// such as `try rbm.annealedLogPartition(random: random).value`. Estimates of log Z tend to be too small, so those of
  /// log p(v) tend to be too large; the interval is that of log Z.
  public func logLikelihood(_ v: Tensor, logPartition: Double) -> Tensor {
    -cast(to: .float64).freeEnergy(v.cast(to: .float64)) - logPartition
  }

  /// `log Σᵥ exp(−E(v, h))` of each row of hidden units.
  func logSumOverVisible(_ h: Tensor) -> Tensor {
    let total = h.affine(weight: weight, bias: visibleBias, transposingWeight: true)
    let inputs = labels == 0 ? total : total.slice(axis: 1, 0..<inputCount)
    let own: Tensor
    switch visible {
    case .binary: own = inputs.softplus().sum(axes: [1])
    case .gaussian:
      let bias = visibleBias.slice(axis: 0, 0..<inputCount)
      let constant = 0.5 * (Double(inputCount) * RBMDistribution.logTwoPi - bias.square().sum().item())
      own = halfSquares(inputs) + constant
    }
    let sum = own + (h * hiddenBias).sum(axes: [1])
    return labels == 0 ? sum : sum + total.slice(axis: 1, inputCount..<visibleCount).logSumExp(axes: [1])
  }

  /// `log Σ exp(f(s))` over all states s of some binary units, a few thousand at a time.
  private func logSumOverStates(_ units: Int, _ value: (Tensor) -> Tensor) -> Double {
    let count = 1 << units
    let piece = min(count, 4096)
    let sums = stride(from: 0, to: count, by: piece).map { start in
      value(RBMDistribution.states(of: units, start..<min(start + piece, count))).logSumExp().item()
    }
    return Tensor(sums).logSumExp().item()
  }

  /// States of binary units by index, [indices, units], float64: unit i is the i-th binary digit.
  public static func states(
    of units: Int, _ numbers: Range<Int>? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require((0..<63).contains(units), "cannot number the states of \(units) units", file, line)
    let numbers = numbers ?? 0..<(1 << units)
    let digits = numbers.flatMap { number in (0..<units).map { Double(number >> $0 & 1) } }
    return Tensor(digits, shape: [numbers.count, units])
  }
}
