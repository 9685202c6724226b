import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A deep autoencoder with a small linear code, initialized from a stack of RBMs.
///
/// Stages `pretrain-1` … `pretrain-k` train the RBMs one by one with contrastive divergence; the last has Gaussian
/// hidden units, the code. Then the stack is unrolled: when `fine-tune` begins, the decoder takes the transposed
/// weights and the visible biases of the RBMs. From there, encoder and decoder have separate weights and train together
/// on the reconstruction cross-entropy. The proposed stages have Hinton's settings, except for Adam instead of
/// conjugate gradients, and weight decay that includes biases. (Hinton and Salakhutdinov: Reducing the dimensionality
/// of data with neural networks, 2006.)
public struct DeepAutoencoder: EncodingModel, Registrable {
  public static let name = "deep-autoencoder"
  public static let card = Card(
    "A deep autoencoder with a small linear code, initialized from a stack of RBMs.",
    formula: "hₖ = σ(hₖ₋₁·Wₖ + cₖ), linear at the code;  decoder: σ(hₖ·Vₖ + bₖ), initially Vₖ = Wₖᵀ",
    references: ["Hinton, Salakhutdinov: Reducing the dimensionality of data with neural networks (2006)"],
    tags: ["unsupervised", "pretraining"])

  @Field("Units of the encoder's layers, the last being the code; the decoder mirrors them", .positive.nonEmpty)
  var units = [1000, 500, 250, 30]
  @Field(.initializer, "Initializer of the RBMs' weights [in, out]; biases start at 0")
  var weightInitializer: any Initializer = Normal(standardDeviation: 0.1)

  private var chain: MirroredChain { MirroredChain(depth: units.count, loss: SigmoidCrossEntropy()) }

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [1000, 500, 250, 30], weightInitializer: any Initializer = Normal(standardDeviation: 0.1)
  ) throws {
    self.units = units
    self.weightInitializer = weightInitializer
    self = try checked()
  }

  /// Stages `"pretrain-1"` … and `"fine-tune"`. The learning rate of the code's RBM is a hundredth of that of the
  /// others, because its units are unbounded.
  public var stages: [StageProposal] {
    get throws {
      let pretraining = StageProposal.greedy(units.count, of: RestrictedBoltzmannMachine.name) { place in
        let optimizer: ConfigurationObject = [
          "name": "sgd", "learningRate": place == units.count - 1 ? 0.001 : 0.1, "weightDecay": 0.0002,
          "momentum": ["name": "linear", "from": 0.5, "to": 0.9, "after": 4, "over": 1, "unit": "epoch"],
        ]
        return [
          "objective": ["name": "contrastive-divergence", "reconstruction": "means"], "optimizer": .object(optimizer),
          "batchSize": 100, "metrics": [],
        ]
      }
      var tuning: ConfigurationObject = try .reconstructing(loss: SigmoidCrossEntropy(reduction: .sum))
      tuning["optimizer"] = ["name": "adam", "learningRate": 0.001]
      tuning["batchSize"] = 100
      return pretraining + [StageProposal("fine-tune", tuning)]
    }
  }

  /// The RBMs, then the decoder's dense layers.
  public func network(for task: LearningTask) throws -> any Layer {
    let widths = [task.input.elementCount] + units
    return Sequential {
      for (place, width) in units.enumerated() {
        RestrictedBoltzmannMachine(
          width, hidden: place == units.count - 1 ? .gaussian : .binary, weightInitializer: weightInitializer)
      }
      for place in units.indices.reversed() {
        Dense(widths[place], activation: place == 0 ? Identity() : Sigmoid())
      }
    }
  }

  /// Unrolls the stack before fine-tuning.
  public func begin(_ stage: String, _ model: inout Model) throws {
    guard stage == "fine-tune" else { return }
    for place in units.indices {
      let machine = Sequential.name(of: RestrictedBoltzmannMachine.name, at: place)
      let decoder = Sequential.name(of: Dense.name, at: 2 * units.count - 1 - place)
      model.parameters["\(decoder).weight"] = model.parameters["\(machine).weight"].transposed()
      model.parameters["\(decoder).bias"] = model.parameters["\(machine).visible-bias"]
    }
  }

  /// The outputs of the linear code units.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try chain.codes(model, of: inputs) }

  /// The decoder's probabilities.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try chain.reconstructions(model, from: codes)
  }
}
