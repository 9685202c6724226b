import Aviary

extension BenchmarkCase {
  /// Training steps (forward pass, loss, backward pass, update) on minibatches in memory.
  static var trainings: [BenchmarkCase] {
    BenchmarkNetwork.all.map { network in
      let unit = network.countsSamples ? "samples/s" : "steps/s"
      let amount = network.countsSamples ? Double(network.batchSize) : 1
      return BenchmarkCase(
        name: network.name, group: .train, quantity: BenchmarkQuantity(metric: "training", unit: unit, amount: amount)
      ) {
        let training = try BenchmarkTraining(network)
        return { try training.step() }
      }
    }
  }

  /// Outputs for one input and for a batch, cycling through twenty.
  static var inferences: [BenchmarkCase] {
    [BenchmarkNetwork.mlpMNIST, .lenet].flatMap { network in
      [1, 256].map { size in
        let quantity =
          size == 1
          ? BenchmarkQuantity(metric: "latency", unit: "us", amount: 1e6, isRate: false)
          : BenchmarkQuantity(metric: "throughput", unit: "samples/s", amount: Double(size))
        return BenchmarkCase(name: "infer-\(network.name)-b\(size)", group: .infer, quantity: quantity) {
          let model = try network.model()
          let inputs = network.data(batches: 20, of: size).map(\.inputs)
          var next = 0
          return {
            _ = model(inputs[next])
            next = (next + 1) % inputs.count
          }
        }
      }
    }
  }
}
