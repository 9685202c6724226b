import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A deep autoencoder with a small linear code, which begins as a stack of restricted Boltzmann machines.
///
/// Stages `pretrain-1` … `pretrain-k` train the machines one by one by contrastive divergence, the last with Gaussian
/// hidden units, the code. Then the stack is unrolled: as `fine-tune` begins, the decoder takes the machines' weights,
/// transposed, and their visible biases; encoder and decoder go on apart, trained together on the cross-entropy of the
/// reconstruction. The proposals hold Hinton's own settings, with Adam in place of conjugate gradients, and biases that
/// decay as weights do. (Hinton and Salakhutdinov: Reducing the dimensionality of data with neural networks, 2006.)
public struct DeepAutoencoder: EncodingModel, Registrable {
  public static let name = "deep-autoencoder"
  public static let card = Card(
    "A deep autoencoder with a small linear code, which begins as a stack of restricted Boltzmann machines.",
    formula: "hₖ = σ(hₖ₋₁·Wₖ + cₖ), linear at the code;  back: σ(hₖ·Vₖ + bₖ), at first with Vₖ = Wₖᵀ",
    references: ["Hinton, Salakhutdinov: Reducing the dimensionality of data with neural networks (2006)"],
    tags: ["unsupervised", "pretraining"])

  @Field("Units of the encoder's layers, the code's last; the decoder has them in reverse", .positive.nonEmpty)
  var units = [1000, 500, 250, 30]
  @Field(.initializer, "Draws the machines' initial weights [in, out]; biases begin at zero")
  var weightInitializer: any Initializer = Normal(standardDeviation: 0.1)

  private var chain: MirroredChain { MirroredChain(depth: units.count, loss: SigmoidCrossEntropy()) }

  public init() {}

  /// A deep autoencoder. Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [1000, 500, 250, 30], weightInitializer: any Initializer = Normal(standardDeviation: 0.1)
  ) throws {
    self.units = units
    self.weightInitializer = weightInitializer
    self = try checked()
  }

  /// `"pretrain-1"` … and `"fine-tune"`. The machine of the code learns a hundredth as fast as the others: its units
  /// have no bounds.
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

  /// Machines, then the decoder's dense layers.
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

  /// Unrolls the stack where it is to be fine-tuned.
  public func begin(_ stage: String, _ model: inout Model) throws {
    guard stage == "fine-tune" else { return }
    for place in units.indices {
      let machine = Sequential.name(of: RestrictedBoltzmannMachine.name, at: place)
      let decoder = Sequential.name(of: Dense.name, at: 2 * units.count - 1 - place)
      model.parameters["\(decoder).weight"] = model.parameters["\(machine).weight"].transposed()
      model.parameters["\(decoder).bias"] = model.parameters["\(machine).visible-bias"]
    }
  }

  /// The outputs of the code's linear units.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try chain.codes(model, of: inputs) }

  /// The decoder's probabilities.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try chain.reconstructions(model, from: codes)
  }
}
