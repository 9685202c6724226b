import AviaryCore
import AviaryLayers
import AviaryTraining

/// The distribution p(v, h) = exp(−E(v, h)) / Z of a restricted Boltzmann machine: its weights as values, and what
/// follows from them.
///
/// ```swift
/// let machine = try RBMDistribution(model)
/// machine.freeEnergy(images)                          // F(v) = −log Σₕ exp(−E(v, h)), a number for each image
/// machine.hiddenMeans(images)                         // p(h = 1 | v)
/// let dreams = machine.samples(64, steps: 1000, random: RandomSource(seed: 1))
/// ```
///
/// With binary units on both sides E(v, h) = −v·W·h − b·v − c·h. Gaussian visible units have ½‖v − b‖² in place of
/// −b·v, and Gaussian hidden units ½‖h − c‖² in place of −c·h; their probabilities are densities. All rows v are
/// [batch, visible], or of any shape [batch, …] of as many elements a row, such as images; all rows h are [batch, hidden].
/// Where visible units stand for a label, they are the last ones, and exactly one of them is 1.
public struct RBMDistribution: Sendable {
  /// W, [visible, hidden].
  public var weight: Tensor
  /// b, [visible].
  public var visibleBias: Tensor
  /// c, [hidden].
  public var hiddenBias: Tensor
  /// What values the visible units take; those of the label aside.
  public var visible: UnitKind
  /// What values the hidden units take.
  public var hidden: UnitKind
  /// How many of the visible units, the last ones, stand for the label.
  public var labels: Int

  /// A machine of given weights. Traps where their shapes do not fit.
  public init(
    weight: Tensor, visibleBias: Tensor, hiddenBias: Tensor, visible: UnitKind = .binary, hidden: UnitKind = .binary,
    labels: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      weight.rank == 2 && visibleBias.shape == [weight.shape[0]] && hiddenBias.shape == [weight.shape[1]]
        && labels <= weight.shape[0],
      "a machine of weights \(weight.spec) with biases \(visibleBias.spec) and \(hiddenBias.spec), \(labels) labels",
      file, line)
    self.weight = weight
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
    self.visible = visible
    self.hidden = hidden
    self.labels = labels
  }

  /// The machine that a model is, or a part of a model: `try RBMDistribution(model.part("0.rbm").part)`. Throws
  /// `ModelError` where the model's layer is no machine.
  public init(_ model: Model) throws {
    guard let layer = model.layer as? RestrictedBoltzmannMachine else {
      throw ModelError(
        "a restricted Boltzmann machine is asked for, and the model is a layer '\(model.layer.label)'; in a chain, name the "
          + "machine: layer=0.rbm")
    }
    self.init(
      weight: model.value(named: "weight"), visibleBias: model.value(named: "visible-bias"),
      hiddenBias: model.value(named: "hidden-bias"), visible: layer.visible, hidden: layer.hidden,
      labels: layer.labels)
  }

  /// The parameters' type.
  public var dtype: DType { weight.dtype }
  /// How many visible units, those of the label included.
  public var visibleCount: Int { weight.shape[0] }
  /// How many visible units stand for inputs.
  public var inputCount: Int { visibleCount - labels }
  /// How many hidden units.
  public var hiddenCount: Int { weight.shape[1] }

  /// The machine with its weights in another type.
  public func cast(to dtype: DType) -> RBMDistribution {
    var machine = self
    machine.weight = weight.cast(to: dtype)
    machine.visibleBias = visibleBias.cast(to: dtype)
    machine.hiddenBias = hiddenBias.cast(to: dtype)
    return machine
  }
}

extension RBMDistribution {
  /// The means of the hidden units given the visible ones: σ(v·W + c); without σ for Gaussian units.
  public func hiddenMeans(_ v: Tensor) -> Tensor {
    v.flattenedRows().affine(weight: weight, bias: hiddenBias, activation: hidden.activation)
  }

  /// The means of the visible units given the hidden ones: σ(h·Wᵀ + b); without σ for Gaussian units. Those of the
  /// label are a softmax.
  public func visibleMeans(_ h: Tensor) -> Tensor {
    guard labels > 0 else {
      return h.affine(weight: weight, bias: visibleBias, activation: visible.activation, transposingWeight: true)
    }
    return visibleMeans(total: h.affine(weight: weight, bias: visibleBias, transposingWeight: true))
  }

  /// The means of the visible units of given total inputs.
  func visibleMeans(total: Tensor) -> Tensor {
    guard labels > 0 else { return visible.activation(total) }
    let inputs = visible.activation(total.slice(axis: 1, 0..<inputCount))
    return Tensor.concatenate([inputs, total.slice(axis: 1, inputCount..<visibleCount).softmax()], axis: 1)
  }

  /// Hidden units drawn from p(h | v), given their means.
  public func hiddenSample(means: Tensor, random: RandomSource) -> Tensor { hidden.sample(means, random) }

  /// Visible units drawn from p(v | h), given their means.
  public func visibleSample(means: Tensor, random: RandomSource) -> Tensor {
    guard labels > 0 else { return visible.sample(means, random) }
    let inputs = visible.sample(means.slice(axis: 1, 0..<inputCount), random["inputs"])
    return Tensor.concatenate(
      [inputs, oneHotSample(means.slice(axis: 1, inputCount..<visibleCount), random["labels"])], axis: 1)
  }

  /// Rows of zeros with a one, drawn by probabilities [rows, classes].
  func oneHotSample(_ probabilities: Tensor, _ random: RandomSource) -> Tensor {
    let (rows, classes) = (probabilities.shape[0], probabilities.shape[1])
    let level = random.uniform([rows, 1], dtype: dtype)
    let below = (probabilities.cumulativeSum(axis: 1) .<= level).cast(to: .int64).sum(axes: [1])
    // Rounding can leave the last sum below 1.
    return below.clamped(to: 0...Double(classes - 1)).oneHot(classes: classes, dtype: dtype)
  }

  /// The energy E(v, h) of each row.
  public func energy(_ v: Tensor, _ h: Tensor) -> Tensor {
    let v = v.flattenedRows()
    let interaction = (v.matmul(weight) * h).sum(axes: [1])
    return visibleEnergy(v) + (hidden == .binary ? -(h * hiddenBias).sum(axes: [1]) : halfSquares(h - hiddenBias))
      - interaction
  }

  /// The free energy F(v) = −log Σₕ exp(−E(v, h)) of each row, so that p(v) = exp(−F(v)) / Z. Over Gaussian hidden
  /// units the sum is an integral.
  public func freeEnergy(_ v: Tensor) -> Tensor {
    let v = v.flattenedRows()
    return freeEnergy(v, total: v.affine(weight: weight, bias: hiddenBias))
  }

  /// The free energy, where v·W + c is known.
  func freeEnergy(_ v: Tensor, total: Tensor) -> Tensor { visibleEnergy(v) + hiddenFreeEnergy(total) }

  /// What the hidden units add to the free energy, from their total inputs v·W + c.
  func hiddenFreeEnergy(_ total: Tensor) -> Tensor {
    switch hidden {
    case .binary: return -total.softplus().sum(axes: [1])
    case .gaussian:
      // ∫ exp(x·h − ½‖h − c‖²) dh with x = total − c is (2π)^(m/2)·exp(½‖total‖² − ½‖c‖²).
      let constant = 0.5 * (hiddenBias.square().sum().item() - Double(hiddenCount) * RBMDistribution.logTwoPi)
      return constant - halfSquares(total)
    }
  }

  /// What the visible units add to the energy.
  func visibleEnergy(_ v: Tensor) -> Tensor {
    guard visible == .gaussian else { return -(v * visibleBias).sum(axes: [1]) }
    guard labels > 0 else { return halfSquares(v - visibleBias) }
    let (inputs, rest) = (0..<inputCount, inputCount..<visibleCount)
    return halfSquares(v.slice(axis: 1, inputs) - visibleBias.slice(axis: 0, inputs))
      - (v.slice(axis: 1, rest) * visibleBias.slice(axis: 0, rest)).sum(axes: [1])
  }

  /// ½‖x‖² of each row.
  func halfSquares(_ x: Tensor) -> Tensor { x.square().sum(axes: [1]) * 0.5 }

  /// log 2.
  static let logTwo = 0.6931471805599453
  /// log 2π.
  static let logTwoPi = 1.8378770664093453
}
