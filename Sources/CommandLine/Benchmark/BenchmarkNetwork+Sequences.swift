import Aviary

extension BenchmarkNetwork {
  /// Sequence networks whose training is timed.
  static var sequences: [BenchmarkNetwork] { [lstm, transformer] }

  /// One LSTM layer over 100 steps.
  private static var lstm: BenchmarkNetwork {
    BenchmarkNetwork(
      name: "lstm-100", input: [100, 128], classes: 10, batchSize: 64, batches: 5, countsSamples: true,
      optimizer: { try SGD(learningRate: 0.01) },
      layers: Sequential {
        LSTM(128)
        Dense(10)
      })
  }

  /// One transformer block over 128 steps.
  private static var transformer: BenchmarkNetwork {
    BenchmarkNetwork(
      name: "transformer-128", input: [128, 128], classes: 10, batchSize: 32, batches: 5, countsSamples: true,
      optimizer: { try SGD(learningRate: 0.01) },
      layers: Sequential {
        TransformerBlock(heads: 4, hidden: 512)
        GlobalAveragePool()
        Dense(10)
      })
  }
}
