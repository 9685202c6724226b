import AviaryCore
import AviaryLayers
import AviaryTraining

/// The distribution of a deep belief network, p(v, h₁, …, hₖ) = p(v | h₁) ⋯ p(hₖ₋₂ | hₖ₋₁)·p(hₖ₋₁, hₖ): that of the top
/// RBM, and below it only the downward passes.
///
/// ```swift
/// let network = try DBNDistribution(model)
/// let dreams = network.samples(64, steps: 1000, random: RandomSource(seed: 1))
/// try network.lowerBound(images).mean()                // of log p(v), for small networks
/// ```
///
/// Rows of inputs are [batch, visible], or any shape [batch, …] with as many elements per row.
public struct DBNDistribution: Sendable {
  /// The RBMs, bottom up; the hidden units of one are the visible units of the next.
  public let machines: [RBMDistribution]

  /// Traps if there are no RBMs, or if the hidden units of one do not match the visible units of the next.
  public init(_ machines: [RBMDistribution], file: StaticString = #fileID, line: UInt = #line) {
    require(!machines.isEmpty, "a deep belief network needs at least one RBM", file, line)
    for (lower, upper) in zip(machines, machines.dropFirst()) {
      require(
        lower.hiddenCount == upper.visibleCount && lower.hidden == upper.visible && upper.labels == 0,
        "an RBM with \(lower.hiddenCount) hidden units below one with \(upper.visibleCount) visible units", file, line)
    }
    self.machines = machines
  }

  /// The RBMs at the beginning of a model's chain. Throws `ModelError` if there are none.
  public init(_ model: Model) throws {
    guard let chain = model.layer as? Sequential, chain.layers.first is RestrictedBoltzmannMachine else {
      throw ModelError("a deep belief network begins with RBMs, but this model does not")
    }
    let machines = chain.layers.prefix { $0 is RestrictedBoltzmannMachine }
    self.init(try machines.indices.map { try RBMDistribution(model.part(chain.name(of: $0)).part) })
  }

  /// The inputs' means, [count, visible], after `steps` of Gibbs sampling between the two top layers and one pass down,
  /// which samples the layers between. The chains start at the top-layer state of inputs [count, visible], or at
  /// random.
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

  /// The inputs' means, [batch, visible], after a pass up and down by means.
  public func reconstruction(of v: Tensor) -> Tensor {
    machines.reversed().reduce(codes(of: v)) { $1.visibleMeans($0) }
  }

  /// The means of the top hidden units, [batch, hidden], from a pass up by means.
  public func codes(of v: Tensor) -> Tensor { machines.reduce(v) { $1.hiddenMeans($0) } }
}
