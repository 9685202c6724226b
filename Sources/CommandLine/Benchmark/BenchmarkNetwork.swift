import Aviary

/// A benchmark network: its training batches, objective and optimizer.
package struct BenchmarkNetwork {
  package let name: String
  let input: Shape
  /// nil if the inputs are bits without labels.
  let classes: Int?
  let batchSize: Int
  /// How many batches to cycle through.
  let batches: Int
  /// Whether speed is reported in samples per second rather than steps.
  var countsSamples = false
  var objective: () throws -> any GradientObjective = { Supervised(SoftmaxCrossEntropy()) }
  let optimizer: () throws -> any Optimizer
  let layers: any Layer

  /// The network with its initial values.
  func model() throws -> Model { try Model(layers, input: input, seed: 3) }

  /// Uniform inputs in [0, 1) with random labels, or bits of which a fifth are 1: speed does not depend on them.
  func data(batches count: Int, of size: Int) -> [Batch] {
    let shape = input.inserting(size, at: 0)
    return (0..<count).map { index in
      let random = RandomSource(seed: 1)[index]
      let inputs = random["inputs"].uniform(shape)
      return Batch(
        inputs: classes == nil ? (inputs .< 0.2).cast(to: .float32) : inputs,
        targets: classes.map { random["labels"].integers([size], in: 0..<$0) },
        rows: Array(index * size..<(index + 1) * size))
    }
  }
}

extension BenchmarkNetwork {
  /// The networks whose training is timed.
  package static var all: [BenchmarkNetwork] {
    [lrFonts, lrMNIST, mlpFonts("full", batchSize: 2511, batches: 1), mlpFonts("b100", batchSize: 100, batches: 25)]
      + [mlpMNIST, cnnFonts, lenet, cnnCIFAR, maxout] + sequences
      + [denoising(batchSize: 20, batches: 100), denoising(batchSize: 128, batches: 50)]
      + [boltzmann(batchSize: 20, batches: 100), boltzmann(batchSize: 128, batches: 50)]
  }

  private static var lrFonts: BenchmarkNetwork {
    BenchmarkNetwork(
      name: "lr-fonts", input: [1296], classes: 5, batchSize: 100, batches: 25,
      optimizer: { try SGD(learningRate: 0.1) }, layers: Sequential { Dense(5) })
  }

  private static var lrMNIST: BenchmarkNetwork {
    BenchmarkNetwork(
      name: "lr-mnist", input: [784], classes: 10, batchSize: 600, batches: 50,
      optimizer: { try SGD(learningRate: 0.1) }, layers: Sequential { Dense(10) })
  }

  private static func mlpFonts(_ suffix: String, batchSize: Int, batches: Int) -> BenchmarkNetwork {
    BenchmarkNetwork(
      name: "mlp-fonts-\(suffix)", input: [1296], classes: 5, batchSize: batchSize, batches: batches,
      optimizer: { try SGD(learningRate: 0.5) },
      layers: Sequential {
        Dense(128, activation: Sigmoid())
        Dense(32, activation: Sigmoid())
        Dense(5)
      })
  }

  /// Also timed in inference.
  static var mlpMNIST: BenchmarkNetwork {
    BenchmarkNetwork(
      name: "mlp-mnist", input: [784], classes: 10, batchSize: 128, batches: 50, countsSamples: true,
      optimizer: { try Adam(learningRate: 1e-3) },
      layers: Sequential {
        Dense(512, activation: Relu())
        Dropout(0.2)
        Dense(512, activation: Relu())
        Dropout(0.2)
        Dense(10)
      })
  }

  private static var cnnFonts: BenchmarkNetwork {
    BenchmarkNetwork(
      name: "cnn-fonts", input: .image(36, 36, 1), classes: 5, batchSize: 50, batches: 50, countsSamples: true,
      optimizer: { try SGD(learningRate: 0.1) },
      layers: Sequential {
        Conv2D(4, window: 5, padding: .same, activation: Relu())
        MaxPool2D(2)
        Flatten()
        Dense(32, activation: Relu())
        Dropout(0.5)
        Dense(5)
      })
  }

  /// Also timed in inference.
  static var lenet: BenchmarkNetwork {
    BenchmarkNetwork(
      name: "lenet-mnist", input: .image(28, 28, 1), classes: 10, batchSize: 128, batches: 50, countsSamples: true,
      optimizer: { try SGD(learningRate: 0.01, momentum: 0.9) },
      layers: Sequential {
        Conv2D(20, window: 5)
        MaxPool2D(2)
        Conv2D(50, window: 5)
        MaxPool2D(2)
        Flatten()
        Dense(500, activation: Relu())
        Dense(10)
      })
  }

  private static var cnnCIFAR: BenchmarkNetwork {
    BenchmarkNetwork(
      name: "cnn-cifar", input: .image(32, 32, 3), classes: 10, batchSize: 128, batches: 20, countsSamples: true,
      optimizer: { try Adam(learningRate: 1e-3) },
      layers: Sequential {
        for filters in [32, 64] {
          Conv2D(filters, window: 3, padding: .same, activation: Relu())
          Conv2D(filters, window: 3, padding: .same, activation: Relu())
          MaxPool2D(2)
        }
        Flatten()
        Dense(512, activation: Relu())
        Dropout(0.5)
        Dense(10)
      })
  }

  private static var maxout: BenchmarkNetwork {
    BenchmarkNetwork(
      name: "maxout-mnist", input: [784], classes: 10, batchSize: 100, batches: 50, countsSamples: true,
      optimizer: { try SGD(learningRate: 0.01, momentum: 0.9) },
      layers: Sequential {
        Dropout(0.2)
        Maxout(240, pieces: 5)
        Dropout(0.5)
        Maxout(240, pieces: 5)
        Dropout(0.5)
        Dense(10)
      })
  }

  /// A denoising autoencoder with tied weights.
  private static func denoising(batchSize: Int, batches: Int) -> BenchmarkNetwork {
    BenchmarkNetwork(
      name: "dae-mnist-b\(batchSize)", input: [784], classes: nil, batchSize: batchSize, batches: batches,
      countsSamples: true,
      objective: { Reconstruction(SigmoidCrossEntropy(reduction: .sum), corruption: MaskingNoise(0.3)) },
      optimizer: { try SGD(learningRate: 0.1) }, layers: AutoencoderLayer(500))
  }

  /// An RBM trained by CD-1.
  private static func boltzmann(batchSize: Int, batches: Int) -> BenchmarkNetwork {
    BenchmarkNetwork(
      name: "rbm-mnist-b\(batchSize)", input: [784], classes: nil, batchSize: batchSize, batches: batches,
      countsSamples: true, objective: { ContrastiveDivergence() }, optimizer: { try SGD(learningRate: 0.1) },
      layers: RestrictedBoltzmannMachine(500))
  }
}
