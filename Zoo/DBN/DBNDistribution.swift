import AviaryCore
import AviaryLayers
import AviaryTraining

/// The distribution of a deep belief network, p(v, h₁, …, hₖ) = p(v | h₁) ⋯ p(hₖ₋₂ | hₖ₋₁)·p(hₖ₋₁, hₖ): the uppermost
/// machine's own, and below it every machine's way down alone.
///
/// ```swift
/// let network = try DBNDistribution(model)
/// let dreams = network.samples(64, steps: 1000, random: RandomSource(seed: 1))
/// try network.lowerBound(images).mean()                // of log p(v), for small networks
/// ```
///
/// Rows of inputs are [batch, visible], or of any shape [batch, …] of as many elements a row.
public struct DBNDistribution: Sendable {
  /// The machines, from below; the hidden units of one are the visible ones of the next.
  public let machines: [RBMDistribution]

  /// A network of machines, from below. Traps without any, and where one's hidden units are not the next one's visible
  /// ones.
  public init(_ machines: [RBMDistribution], file: StaticString = #fileID, line: UInt = #line) {
    require(!machines.isEmpty, "a deep belief network of no machines", file, line)
    for (lower, upper) in zip(machines, machines.dropFirst()) {
      require(
        lower.hiddenCount == upper.visibleCount && lower.hidden == upper.visible && upper.labels == 0,
        "a machine of \(lower.hiddenCount) hidden units below one of \(upper.visibleCount) visible ones", file, line)
    }
    self.machines = machines
  }

  /// The machines at the beginning of a model's chain. Throws `ModelError` where there are none.
  public init(_ model: Model) throws {
    guard let chain = model.layer as? Sequential, chain.layers.first is RestrictedBoltzmannMachine else {
      throw ModelError("a deep belief network begins with Boltzmann machines, and this model with something else")
    }
    let machines = chain.layers.prefix { $0 is RestrictedBoltzmannMachine }
    self.init(try machines.indices.map { try RBMDistribution(model.part(chain.name(of: $0)).part) })
  }

  /// The inputs' means, [count, visible], after `steps` of Gibbs chains between the two uppermost layers, which begin
  /// at what inputs [count, visible] are up there, or else at random, and one way down, on which the units of the
  /// layers between are drawn.
  public func samples(_ count: Int, from inputs: Tensor? = nil, steps: Int, random: RandomSource) -> Tensor {
    let top = machines[machines.count - 1]
    let start = random["start"]
    let hidden =
      inputs.map { top.hiddenSample(means: codes(of: $0), random: start) } ?? top.randomHidden(count, random: start)
    let end = top.gibbs(from: hidden, steps: steps, random: random["top"])
    var (means, units) = (end.visibleMeans, end.visible)
    for (index, machine) in machines.dropLast().enumerated().reversed() {
      means = machine.visibleMeans(units)
      units = machine.visibleSample(means: means, random: random["down"][index])
    }
    return means
  }

  /// The inputs' means, [batch, visible], all the way up by the means of each layer, and down again.
  public func reconstruction(of v: Tensor) -> Tensor {
    machines.reversed().reduce(codes(of: v)) { $1.visibleMeans($0) }
  }

  /// The uppermost units' means, [batch, hidden], by the means of each layer.
  public func codes(of v: Tensor) -> Tensor { machines.reduce(v) { $1.hiddenMeans($0) } }
}
