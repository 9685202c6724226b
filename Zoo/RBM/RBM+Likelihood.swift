import AviaryCore
import AviaryData
import AviaryLayers
import AviaryTraining

extension RBM: LikelihoodModel {
  /// log p of a row, and of its label where the machine has units for it: exactly where one side has at most 20 binary
  /// units, otherwise by annealed importance sampling with 100 chains, which set out from the inputs' means in the first
  /// set.
  ///
  /// Inputs of binary units that lie between 0 and 1 are taken as they are.
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

  /// The mean over a set's rows of what a batch's rows give.
  private func mean(of set: DataSet, _ rows: (Batch) throws -> Tensor) throws -> Tensor {
    var sum: Tensor?
    for batch in BatchLoader(set, batchSize: 512) {
      let part = try rows(batch).sum(axes: [0])
      sum = sum.map { $0 + part } ?? part
    }
    guard let sum else { throw ModelError("the mean over no rows is asked for") }
    return sum / Double(set.count)
  }
}
