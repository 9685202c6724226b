import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining
import AviaryZoo

/// An RBM small enough to enumerate all states of all its units.
struct SmallMachine {
  var model: Model
  /// [rows, visible], rows of 0 and 1.
  let data: Tensor

  /// Weights and biases of a normal distribution, five different rows of data, some of them twice.
  init(
    visible: Int = 4, hidden: Int = 3, labels: Int = 0, deviation: Double = 1, regularizer: (any Regularizer)? = nil
  ) throws {
    let layer = RestrictedBoltzmannMachine(
      hidden, labels: labels, weightInitializer: Normal(standardDeviation: deviation),
      hiddenBiasInitializer: Normal(standardDeviation: deviation),
      visibleBiasInitializer: Normal(standardDeviation: deviation), weightRegularizer: regularizer)
    model = try Model(layer, input: [visible], dtype: .float64, seed: 3)
    let numbers = Tensor([1, 2, 2, 6, 11, 11, 11, 13].map { $0 % (1 << visible) })
    data = RBMDistribution.states(of: visible).gather(numbers)
  }

  var machine: RBMDistribution {
    get throws { try RBMDistribution(model) }
  }

  /// The gradients of −log p(v), mean over the data, with respect to weights, hidden and visible biases, from all
  /// states.
  func exactGradient() throws -> [Tensor] {
    let machine = try machine
    let states = RBMDistribution.states(of: machine.visibleCount)
    return try gradient(negative: states, (try machine.logLikelihood(states)).exp())
  }

  /// The mean of the CD-k gradient over all possible chains, from the transition probabilities of all states.
  func expectedGradient(steps: Int) throws -> [Tensor] {
    let machine = try machine
    let (v, h) = (
      RBMDistribution.states(of: machine.visibleCount), RBMDistribution.states(of: machine.hiddenCount)
    )
    let interaction = v.matmul(machine.weight).matmul(h, transposingRight: true)
    let up = (interaction + h.matmul(machine.hiddenBias.expandingDimension(at: 1)).transposed()).softmax(axis: 1)
    let down = (interaction.transposed() + v.matmul(machine.visibleBias.expandingDimension(at: 1)).transposed())
      .softmax(axis: 1)
    var state = data.matmul(v, transposingRight: true) + (1 - data).matmul(1 - v, transposingRight: true)
    state = (state .>= Double(machine.visibleCount)).cast(to: .float64)
    for _ in 0..<steps { state = state.matmul(up).matmul(down) }
    return try gradient(negative: v, state.mean(axes: [0]))
  }

  /// The statistics of the data less those of states with given probabilities.
  private func gradient(negative states: Tensor, _ probabilities: Tensor) throws -> [Tensor] {
    let machine = try machine
    func statistics(_ v: Tensor, _ share: Tensor) -> [Tensor] {
      let h = (v.matmul(machine.weight) + machine.hiddenBias).sigmoid() * share.expandingDimension(at: 1)
      return [
        v.matmul(h, transposingSelf: true), h.sum(axes: [0]), (v * share.expandingDimension(at: 1)).sum(axes: [0]),
      ]
    }
    let rows = data.shape[0]
    let positive = statistics(data, Tensor(repeating: 1 / Double(rows), shape: [rows], dtype: .float64))
    return zip(statistics(states, probabilities), positive).map { $0 - $1 }
  }

  /// The result of an objective's step for the data, with each row `copies` times, so that the means have little noise.
  func step(
    _ objective: ContrastiveDivergence, copies: Int = 1, seed: UInt64 = 1, state: inout ObjectiveState,
    labels: Tensor? = nil
  ) throws -> [Tensor] {
    let trained = try TrainedParameters(model, matching: ["*"])
    let rows = data.shape[0] * copies
    let inputs = data.expandingDimension(at: 0).broadcast(to: [copies, data.shape[0], data.shape[1]])
      .reshaped(to: [rows, data.shape[1]])
    let batch = Batch(inputs: inputs, targets: labels, rows: Array(0..<rows))
    let context = Context(.training, random: RandomSource(seed: seed))
    return Self.split(try objective.step(model, trained, batch, context, &state).gradient, model)
  }

  /// The gradients of single parameters from the vector of all.
  static func split(_ vector: Tensor, _ model: Model) -> [Tensor] {
    var start = 0
    return model.parameters.entries.map { entry in
      defer { start += entry.elementCount }
      return vector.flatView(from: start, shape: entry.shape)
    }
  }

  static func difference(_ a: [Tensor], _ b: [Tensor]) -> Double {
    zip(a, b).map { ($0 - $1).abs().max().item() }.max() ?? .infinity
  }
}
