import AviaryCore
import AviaryData
import AviaryLayers
import AviaryTraining

extension RBM: LikelihoodModel {
  /// The log-likelihood log p of each row, including its label if the RBM has label units: exact if one side has at
  /// most 20 binary units, otherwise estimated by annealed importance sampling with 100 chains that start from the
  /// input means of the first set.
  ///
  /// Inputs between 0 and 1 of binary units are used without rounding.
  public func logLikelihoods(
    _ model: Model, of sets: [DataSet], temperatures: Int, random: RandomSource
  ) throws -> [LogLikelihood] {
    let machine = try RBMDistribution(model).cast(to: .float64)
    let free = try sets.map { set in
      try mean(of: set) { batch in machine.freeEnergy(try machine.visible(of: batch)) }.item()
    }
    guard !machine.isEnumerable, let trained = sets.first else {
      let logPartition = try machine.logPartition()
      return free.map { LogLikelihood(-$0 - logPartition) }
    }
    let means = try mean(of: trained) { batch in try machine.visible(of: batch) }
    let estimate = try machine.annealedLogPartition(
      temperatures: RBMDistribution.annealing(steps: temperatures), baseRates: means, random: random)
    return free.map { free in
      LogLikelihood(-free - estimate.value, interval: (-free - estimate.upper)...(-free - estimate.lower))
    }
  }

  /// The mean of a per-row quantity over all rows of a set.
  private func mean(of set: DataSet, _ rows: (Batch) throws -> Tensor) throws -> Tensor {
    var sum: Tensor?
    for batch in BatchLoader(set, batchSize: 512) {
      let part = try rows(batch).sum(axes: [0])
      sum = sum.map { $0 + part } ?? part
    }
    guard let sum else { throw ModelError("cannot compute a mean: the set has no rows") }
    return sum / Double(set.count)
  }
}
