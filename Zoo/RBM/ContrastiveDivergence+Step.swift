import AviaryCore
import AviaryData
import AviaryLayers
import AviaryTraining

extension ContrastiveDivergence {
  /// The gradient from the statistics of the batch and of the chains.
  public func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep {
    let machine = try RBMDistribution(model)
    let random = context.random["contrastive-divergence"]
    let inputs = try machine.visible(of: batch)
    let v = samplesInputs ? bits(inputs, machine, random["inputs"]) : inputs
    let up = machine.hiddenMeans(v)
    let start =
      persistent
      ? try startingChains(machine, batch.count, state) : machine.hiddenSample(means: up, random: random["start"])
    let end = machine.gibbs(
      from: start, steps: steps, random: random, keepingMeans: self.reconstruction == .means)
    if persistent { state.tensors["chains"] = end.hidden }
    var gradients = try self.gradients(model, trained, machine, v, up, end, &state)
    let reconstruction = persistent ? machine.visibleMeans(up) : end.firstMeans
    let loss = ContrastiveDivergence.meanSquares(v - reconstruction)
    let value = loss + (try trained.penalize(&gradients, model.parameters))
    let places = takePlace(machine, &state).map { Array(repeating: $0, count: batch.count) }
    return ObjectiveStep(
      value: value, gradient: trained.joined(gradients, model.dtype),
      assessment: try assessment(machine, batch, v, loss, places: places))
  }

  /// The reconstruction error and the measures at inference.
  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    let machine = try RBMDistribution(model)
    let v = try machine.visible(of: batch)
    let loss = ContrastiveDivergence.meanSquares(v - machine.visibleMeans(machine.hiddenMeans(v)))
    let places = ContrastiveDivergence.places(batch.rows, of: machine.inputCount)
    return try assessment(machine, batch, v, loss, places: places)
  }

  /// Throws `ModelError` for chains or rates of binary units outside 0...1, and for an input index out of range.
  public func check(_ memory: ObjectiveState, _ part: Model) throws {
    let machine = try RBMDistribution(part)
    if let place = memory.tensors["place"]?.item(), !(0..<Double(machine.inputCount) ~= place) {
      throw ModelError("the input index is \(place), but there are \(machine.inputCount) inputs")
    }
    for name in ["chains", "rates"] where machine.hidden == .binary {
      guard let values = memory.tensors[name] else { continue }
      let (least, greatest) = (values.min().item(), values.max().item())
      guard least >= 0, greatest <= 1 else {
        throw ModelError("its '\(name)' range from \(least) to \(greatest), outside 0...1")
      }
    }
  }

  /// The gradients of the trained parameters.
  private func gradients(
    _ model: Model, _ trained: TrainedParameters, _ machine: RBMDistribution, _ v: Tensor, _ up: Tensor,
    _ end: GibbsState, _ state: inout ObjectiveState
  ) throws -> [Tensor] {
    let sparsity = try sparsity(machine, up, &state)
    let hidden = sparsity.map { up - $0 } ?? up
    let (rows, chains) = (Double(v.shape[0]), Double(end.visible.shape[0]))
    let (weight, visible) = (model.index(of: "weight"), model.index(of: "visible-bias"))
    return trained.indices.map { index in
      if index == weight {
        // Computes both phases in one product.
        let left = Tensor.concatenate([v, end.visible])
        return left.matmul(
          Tensor.concatenate([hidden / -rows, end.hiddenMeans / chains]), transposingSelf: true)
      }
      if index == visible { return end.visible.mean(axes: [0]) - v.mean(axes: [0]) }
      return end.hiddenMeans.mean(axes: [0]) - hidden.mean(axes: [0])
    }
  }

  /// The sparsity gradient cost·(rate − target) of each hidden unit; nil if the cost is 0.
  private func sparsity(_ machine: RBMDistribution, _ up: Tensor, _ state: inout ObjectiveState) throws -> Tensor? {
    guard sparsityCost > 0 else { return nil }
    guard machine.hidden == .binary else {
      throw ModelError("a sparsity target needs binary hidden units; set sparsityCost to 0 for Gaussian units")
    }
    var rate = up.mean(axes: [0])
    if let earlier = state.tensors["rates"] {
      rate = earlier * sparsityDecay + rate * (1 - sparsityDecay)
    }
    state.tensors["rates"] = rate
    return (rate - sparsityTarget) * sparsityCost
  }

  /// The state of the persistent chains: [chains, hidden].
  private func startingChains(_ machine: RBMDistribution, _ rows: Int, _ state: ObjectiveState) throws -> Tensor {
    if let chains = state.tensors["chains"] { return chains }
    return Tensor.zeros([chains ?? rows, machine.hiddenCount], dtype: machine.dtype)
  }

  /// The next input whose pseudo-likelihood is measured; nil if it is not measured.
  private func takePlace(_ machine: RBMDistribution, _ state: inout ObjectiveState) -> Int? {
    guard measured.measures.contains(.pseudoLikelihood) else { return nil }
    let place = state.tensors["place"].map { Int($0.item()) % machine.inputCount } ?? 0
    state.tensors["place"] = Tensor([(place + 1) % machine.inputCount])
    return place
  }
}

extension ContrastiveDivergence {
  /// Inputs sampled as bits; labels are unchanged.
  private func bits(_ v: Tensor, _ machine: RBMDistribution, _ random: RandomSource) -> Tensor {
    machine.visible == .binary ? random.sample(probabilities: v) : v
  }

  private func assessment(
    _ machine: RBMDistribution, _ batch: Batch, _ v: Tensor, _ loss: Double, places: [Int]?
  ) throws -> Assessment {
    var measures: [String: Double] = [:]
    for measure in measured.measures {
      switch measure {
      case .freeEnergy: measures[measure.rawValue] = machine.freeEnergy(v).mean().item()
      case .pseudoLikelihood:
        guard machine.visible == .binary, let places else {
          throw ModelError("the pseudo-likelihood needs binary visible units; these are Gaussian")
        }
        measures[measure.rawValue] = machine.pseudoLogLikelihood(v, places: places).mean().item()
      }
    }
    guard machine.labels > 0 else { return Assessment(loss: loss, count: batch.count, measures: measures) }
    let inputs = v.slice(axis: 1, 0..<machine.inputCount)
    return Assessment(
      loss: loss, count: batch.count, predictions: machine.classProbabilities(inputs), targets: batch.targets,
      measures: measures)
  }

  /// An input for each row, the same whenever the row is measured: golden-section steps spread evenly over all inputs,
  /// whatever the number of rows.
  private static func places(_ rows: [Int], of count: Int) -> [Int] {
    rows.map { row in
      let turn = Double(row) * 0.6180339887498949
      return min(Int((turn - turn.rounded(.down)) * Double(count)), count - 1)
    }
  }

  /// The mean of ‖x‖² over the rows.
  private static func meanSquares(_ x: Tensor) -> Double {
    let norm = x.euclideanNorm()
    return norm * norm / Double(x.shape[0])
  }
}
