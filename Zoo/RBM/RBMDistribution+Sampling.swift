import AviaryCore
import AviaryLayers

extension RBMDistribution {
  /// Runs Gibbs chains: `steps` times, the visible units given the hidden ones, then the hidden units given the visible
  /// ones.
  ///
  /// - Parameters:
  ///   - hidden: the initial state of the chains, [chains, hidden].
  ///   - steps: the number of steps, at least 1; each costs two products.
  ///   - random: the random numbers.
  ///   - keepingMeans: uses the means of the visible units instead of samples, as is usual for reconstructions.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: the state of the chains after the last step.
  public func gibbs(
    from hidden: Tensor, steps: Int, random: RandomSource, keepingMeans: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> GibbsState {
    require(steps > 0, "a Gibbs chain needs at least 1 step, not \(steps)", file, line)
    let (down, up) = (random["visible"], random["hidden"])
    func step(_ hidden: Tensor, _ index: Int, _ first: Tensor?) -> GibbsState {
      let means = visibleMeans(hidden)
      let v = keepingMeans ? means : visibleSample(means: means, random: down[index])
      let hiddenMeans = hiddenMeans(v)
      return GibbsState(
        visibleMeans: means, visible: v, hiddenMeans: hiddenMeans,
        hidden: hiddenSample(means: hiddenMeans, random: up[index]), firstMeans: first ?? means)
    }
    var state = step(hidden, 0, nil)
    for index in 1..<steps { state = step(state.hidden, index, state.firstMeans) }
    return state
  }

  /// Hidden units at random: fair bits for binary units, normal for Gaussian units.
  public func randomHidden(_ count: Int, random: RandomSource) -> Tensor {
    let middle = Tensor(repeating: hidden == .binary ? 0.5 : 0, shape: [count, hiddenCount], dtype: dtype)
    return hidden.sample(middle, random)
  }

  /// Samples of the RBM: the visible units' means, [count, visible], after `steps` of chains that start at inputs
  /// [count, inputs], or at random.
  public func samples(_ count: Int, from inputs: Tensor? = nil, steps: Int, random: RandomSource) -> Tensor {
    let start = random["start"]
    let hidden = inputs.map { hiddenSample(means: codes(of: $0), random: start) } ?? randomHidden(count, random: start)
    return gibbs(from: hidden, steps: steps, random: random).visibleMeans
  }

  /// The state of chains that start at data, after every `steps` steps: the visible units' means, [count · chains,
  /// visible], ordered by snapshot. As images, they form a grid with one row per snapshot and one column per chain.
  public func snapshots(
    _ count: Int, from v: Tensor, steps: Int, random: RandomSource, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(count > 0, "need at least 1 snapshot, not \(count)", file, line)
    var hidden = hiddenSample(means: hiddenMeans(v), random: random["start"])
    let snapshots = (0..<count).map { index in
      let state = gibbs(from: hidden, steps: steps, random: random[index])
      hidden = state.hidden
      return state.visibleMeans
    }
    return Tensor.concatenate(snapshots)
  }

  /// The inputs' means given the means of the hidden units, which are computed from the inputs alone: [batch, inputs].
  public func reconstruction(of inputs: Tensor) -> Tensor {
    visibleMeans(codes(of: inputs)).slice(axis: 1, 0..<inputCount)
  }

  /// The hidden units' means given the inputs alone, [batch, hidden], with no label unit on.
  public func codes(of inputs: Tensor) -> Tensor {
    guard labels > 0 else { return hiddenMeans(inputs) }
    let unknown = Tensor.zeros([inputs.shape[0], labels], dtype: dtype)
    return hiddenMeans(Tensor.concatenate([inputs.flattenedRows(), unknown], axis: 1))
  }

  /// The means of unknown visible units given known ones, from Gibbs chains that keep the known units fixed.
  ///
  /// - Parameters:
  ///   - v: [batch, visible]; values at unknown positions are ignored.
  ///   - known: true where a unit is known, `bool`, [visible] for all rows or [batch, visible]. The units of a label
  ///     are all known or all unknown.
  ///   - steps: the number of steps to average over.
  ///   - burnIn: the number of steps before averaging.
  ///   - random: the random numbers.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: [batch, visible]: the known units unchanged, elsewhere the mean of p(vᵢ | h) over the steps.
  public func completion(
    of v: Tensor, known: Tensor, steps: Int = 1000, burnIn: Int = 100, random: RandomSource,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      steps > 0 && burnIn >= 0, "steps is \(steps) and burnIn \(burnIn), but must be at least 1 and 0", file, line)
    let (v, known) = (v.flattenedRows(), mask(known, of: v))
    func held(_ other: Tensor) -> Tensor { Tensor.where(known, v, other) }
    let (down, up) = (random["visible"], random["hidden"])
    let silent = visibleMeans(Tensor.zeros([v.shape[0], hiddenCount], dtype: dtype))
    var current = held(visibleSample(means: silent, random: random["start"]))
    var sum = Tensor.zeros(v.shape, dtype: .float64)
    for step in 0..<(burnIn + steps) {
      let h = hiddenSample(means: hiddenMeans(current), random: up[step])
      let means = visibleMeans(h)
      current = held(visibleSample(means: means, random: down[step]))
      if step >= burnIn { sum = sum + means.cast(to: .float64) }
    }
    return held((sum / Double(steps)).cast(to: dtype))
  }

  /// The known units of each row, [batch, elements per row], from a mask for all rows or one per row.
  func mask(_ known: Tensor, of v: Tensor) -> Tensor {
    let shape = v.flattenedRows().shape
    let isOfOne = known.elementCount == shape[1]
    return (isOfOne ? known.flattened() : known.flattenedRows()).broadcast(to: shape)
  }
}
