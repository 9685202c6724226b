import AviaryCore
import AviaryTraining

extension RBMDistribution {
  /// log Z by annealed importance sampling: chains go from a machine whose Z is known, which knows each unit's own rate
  /// alone, by small steps to this one, and gather how much the probability of where they stand grows.
  ///
  /// Between the two stands p*(v) = exp(−(1 − β)·E₀(v) − β·(visible energy)) · Πⱼ (1 + exp(β·(v·W + c)ⱼ)) for a rising
  /// β, where E₀ = −b₀·v with the log-odds b₀ of the base rates (for Gaussian units ½‖v − μ‖²). Computed in float64; a
  /// temperature costs two products. Take more temperatures until the interval is narrow and stays: it is not sure of
  /// what no chain has found. (Salakhutdinov and Murray: On the quantitative analysis of deep belief networks, 2008.)
  ///
  /// - Parameters:
  ///   - chains: how many, at least 2.
  ///   - temperatures: β, rising from 0 to 1.
  ///   - baseRates: the visible units' means in the data, [visible]; nil takes the visible biases alone for the base machine.
  ///   - random: the random numbers.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: the estimate and its interval of three standard errors.
  /// - Throws: `ModelError` where the hidden units are Gaussian.
  public func annealedLogPartition(
    chains: Int = 100, temperatures: [Double] = annealing(steps: 10_000), baseRates: Tensor? = nil,
    random: RandomSource, file: StaticString = #fileID, line: UInt = #line
  ) throws -> LogPartitionEstimate {
    guard hidden == .binary else {
      throw ModelError("annealed importance sampling is for machines of binary hidden units; this one's are Gaussian")
    }
    require(
      chains > 1 && temperatures.first == 0 && temperatures.last == 1,
      "temperatures rise from 0 to 1, and chains are several", file, line)
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

  /// A machine whose hidden units have no say: its visible units have the rates of the data, or this machine's biases.
  private func base(_ rates: Tensor?) -> RBMDistribution {
    guard let rates else { return withoutWeights(visibleBias) }
    // A pixel that is black in all of the data may still be white.
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

  /// `steps` temperatures that rise as in the paper's experiments: a thirtieth of them up to 0.5, a quarter up to 0.9,
  /// the rest up to 1, where most happens.
  public static func annealing(steps: Int, file: StaticString = #fileID, line: UInt = #line) -> [Double] {
    require(steps >= 30, "\(steps) temperatures; take at least 30", file, line)
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
