import AviaryCore
import AviaryTraining

extension RBMDistribution {
  /// Estimates log Z by annealed importance sampling: chains move in small steps from a base RBM with known Z, whose
  /// units are independent, to this one, and accumulate the growth of the unnormalized probability.
  ///
  /// The intermediate distributions for rising β are
  ///
  ///     p*(v) = exp(−(1 − β)·E₀(v) − β·(visible energy)) · Πⱼ (1 + exp(β·(v·W + c)ⱼ))
  ///
  /// where E₀ = −b₀·v with the log-odds b₀ of the base rates (for Gaussian units ½‖v − μ‖²). Computed in float64; a
  /// temperature costs two products. Use more temperatures until the interval is narrow and stable: it cannot account
  /// for modes that no chain has found. (Salakhutdinov and Murray: On the quantitative analysis of deep belief
  /// networks, 2008.)
  ///
  /// - Parameters:
  ///   - chains: the number of chains, at least 2.
  ///   - temperatures: β, rising from 0 to 1.
  ///   - baseRates: the visible units' means in the data, [visible]; nil for a base RBM with only the visible biases.
  ///   - random: the random numbers.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: the estimate and its interval of three standard errors.
  /// - Throws: `ModelError` if the hidden units are Gaussian.
  public func annealedLogPartition(
    chains: Int = 100, temperatures: [Double] = annealing(steps: 10_000), baseRates: Tensor? = nil,
    random: RandomSource, file: StaticString = #fileID, line: UInt = #line
  ) throws -> LogPartitionEstimate {
    guard hidden == .binary else {
      throw ModelError("annealed importance sampling needs binary hidden units; this RBM has Gaussian ones")
    }
    require(
      chains > 1 && temperatures.first == 0 && temperatures.last == 1,
      "temperatures must rise from 0 to 1, and there must be at least 2 chains", file, line)
    let machine = cast(to: .float64)
    let base = machine.base(baseRates?.cast(to: .float64))
    let silent = Tensor.zeros([1, hiddenCount], dtype: .float64)
    let rates = base.visibleMeans(silent).broadcast(to: [chains, visibleCount])
    var v = base.visibleSample(means: rates, random: random["start"])
    var logWeights = Tensor.zeros([chains], dtype: .float64)
    let (down, up) = (random["visible"], random["hidden"])
    for (index, (last, β)) in zip(temperatures, temperatures.dropFirst()).enumerated() {
      let total = v.affine(weight: machine.weight, bias: machine.hiddenBias)
      let grown = (total * β).softplus().sum(axes: [1]) - (total * last).softplus().sum(axes: [1])
      logWeights = logWeights + (base.visibleEnergy(v) - machine.visibleEnergy(v)) * (β - last) + grown
      guard β < 1 else { break }
      let h = up[index].sample(probabilities: (total * β).sigmoid())
      let back = h.affine(weight: machine.weight, bias: machine.visibleBias, transposingWeight: true)
      let means = machine.visibleMeans(total: back * β + base.visibleBias * (1 - β))
      v = machine.visibleSample(means: means, random: down[index])
    }
    let logBase = base.logSumOverVisible(silent).item() + Double(hiddenCount) * RBMDistribution.logTwo
    return LogPartitionEstimate(logWeights: (logWeights + logBase).scalars(as: Double.self))
  }

  /// An RBM without connections: its visible units have the rates of the data, or this RBM's biases.
  private func base(_ rates: Tensor?) -> RBMDistribution {
    guard let rates else { return withoutWeights(visibleBias) }
    // A pixel that is black in all data may still be white.
    let p = rates.clamped(to: 0.005...0.995)
    let odds = visible == .binary ? (p / (1 - p)).log() : rates
    guard labels > 0 else { return withoutWeights(odds) }
    let (inputs, rest) = (odds.slice(axis: 0, 0..<inputCount), p.slice(axis: 0, inputCount..<visibleCount))
    return withoutWeights(Tensor.concatenate([inputs, rest.log()]))
  }

  private func withoutWeights(_ visibleBias: Tensor) -> RBMDistribution {
    var machine = self
    machine.weight = Tensor.zeros(weight.shape, dtype: dtype)
    machine.visibleBias = visibleBias
    return machine
  }

  /// `steps` temperatures, distributed as in the paper's experiments: a thirtieth of them up to 0.5, a quarter up to
  /// 0.9, and the rest up to 1, where the distribution changes most.
  public static func annealing(steps: Int, file: StaticString = #fileID, line: UInt = #line) -> [Double] {
    require(steps >= 30, "got \(steps) temperatures, but need at least 30", file, line)
    let (first, second) = (steps / 29, steps * 8 / 29)
    let pieces: [(low: Double, high: Double, count: Int)] = [
      (0, 0.5, first), (0.5, 0.9, second), (0.9, 1, steps - first - second - 1),
    ]
    let rising = pieces.flatMap { piece in
      (0..<piece.count).map { piece.low + (piece.high - piece.low) * Double($0) / Double(piece.count) }
    }
    return rising + [1]
  }
}
