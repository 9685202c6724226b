import AviaryCore
import AviaryLayers

extension RBMDistribution {
  /// Gibbs chains: `steps` times the visible units given the hidden ones, then the hidden ones given these.
  ///
  /// - Parameters:
  ///   - hidden: where the chains begin, [chains, hidden].
  ///   - steps: how many, at least 1; every one costs two products.
  ///   - random: the random numbers.
  ///   - keepingMeans: takes the means of the visible units in place of samples, as is usual for reconstructions.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: where the chains stand after the last step.
  public func gibbs(
    from hidden: Tensor, steps: Int, random: RandomSource, keepingMeans: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> GibbsState {
    require(steps > 0, "a Gibbs chain of \(steps) steps", file, line)
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

  /// Hidden units of chains that have seen nothing yet: drawn evenly, or normal.
  public func randomHidden(_ count: Int, random: RandomSource) -> Tensor {
    let middle = Tensor(repeating: hidden == .binary ? 0.5 : 0, shape: [count, hiddenCount], dtype: dtype)
    return hidden.sample(middle, random)
  }

  /// Examples that the machine believes in: the visible units' means, [count, visible], after `steps` of chains that
  /// begin at inputs [count, inputs], or else at random.
  public func samples(_ count: Int, from inputs: Tensor? = nil, steps: Int, random: RandomSource) -> Tensor {
    let start = random["start"]
    let hidden = inputs.map { hiddenSample(means: codes(of: $0), random: start) } ?? randomHidden(count, random: start)
    return gibbs(from: hidden, steps: steps, random: random).visibleMeans
  }

  /// Where chains that begin at data stand after every `steps` steps: the visible units' means, [count · chains,
  /// visible], all chains of the first snapshot first. As images they make a grid of a row a snapshot and a column a
  /// chain.
  public func snapshots(
    _ count: Int, from v: Tensor, steps: Int, random: RandomSource, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(count > 0, "\(count) snapshots of chains", file, line)
    var hidden = hiddenSample(means: hiddenMeans(v), random: random["start"])
    let snapshots = (0..<count).map { index in
      let state = gibbs(from: hidden, steps: steps, random: random[index])
      hidden = state.hidden
      return state.visibleMeans
    }
    return Tensor.concatenate(snapshots)
  }

  /// The inputs' means given the means of the hidden units, which see the inputs alone: [batch, inputs].
  public func reconstruction(of inputs: Tensor) -> Tensor {
    visibleMeans(codes(of: inputs)).slice(axis: 1, 0..<inputCount)
  }

  /// The hidden units' means given the inputs alone, [batch, hidden]; of labels none is on.
  public func codes(of inputs: Tensor) -> Tensor {
    guard labels > 0 else { return hiddenMeans(inputs) }
    let unknown = Tensor.zeros([inputs.shape[0], labels], dtype: dtype)
    return hiddenMeans(Tensor.concatenate([inputs.flattenedRows(), unknown], axis: 1))
  }

  /// The means of unknown visible units given known ones, by Gibbs chains in which the known ones are held fast.
  ///
  /// - Parameters:
  ///   - v: [batch, visible]; what stands where nothing is known does not count.
  ///   - known: true where a unit is known, `bool`, [visible] for all rows or [batch, visible]. The units of a label are known
  ///     together or not at all.
  ///   - steps: how many steps the means are taken over.
  ///   - burnIn: how many steps go before.
  ///   - random: the random numbers.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: [batch, visible]: the known units as they were, elsewhere the mean of p(vᵢ | h) over the steps.
  public func completion(
    of v: Tensor, known: Tensor, steps: Int = 1000, burnIn: Int = 100, random: RandomSource,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(steps > 0 && burnIn >= 0, "means over \(steps) steps after \(burnIn)", file, line)
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

  /// What is known of each row, [batch, elements of a row]: given for all rows at once, or for each.
  func mask(_ known: Tensor, of v: Tensor) -> Tensor {
    let shape = v.flattenedRows().shape
    let isOfOne = known.elementCount == shape[1]
    return (isOfOne ? known.flattened() : known.flattenedRows()).broadcast(to: shape)
  }
}
