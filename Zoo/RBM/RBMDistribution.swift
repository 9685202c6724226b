import AviaryCore
import AviaryLayers
import AviaryTraining

/// The distribution p(v, h) = exp(−E(v, h)) / Z of an RBM: its weights as values, with likelihoods, samples and more.
///
/// ```swift
/// let rbm = try RBMDistribution(model)
/// rbm.freeEnergy(images)                              // F(v) = −log Σₕ exp(−E(v, h)), one number per image
/// rbm.hiddenMeans(images)                              // p(h = 1 | v)
/// let dreams = rbm.samples(64, steps: 1000, random: RandomSource(seed: 1))
/// ```
///
/// With binary units on both sides,
///
///     E(v, h) = −v·W·h − b·v − c·h
///
/// Gaussian visible units replace −b·v by ½‖v − b‖², and Gaussian hidden units −c·h by ½‖h − c‖²; their probabilities
/// are densities. Rows v are [batch, visible], or any shape [batch, …] with as many elements per row, such as images;
/// rows h are [batch, hidden]. Label units, if any, are the last visible units, and exactly one of them is 1.
public struct RBMDistribution: Sendable {
  /// The weights W, [visible, hidden].
  public var weight: Tensor
  /// The visible biases b, [visible].
  public var visibleBias: Tensor
  /// The hidden biases c, [hidden].
  public var hiddenBias: Tensor
  /// The type of the visible units, except label units.
  public var visible: UnitKind
  /// The type of the hidden units.
  public var hidden: UnitKind
  /// The number of label units, which are the last visible units.
  public var labels: Int

  /// An RBM with the given weights. Traps if their shapes do not match.
  public init(
    weight: Tensor, visibleBias: Tensor, hiddenBias: Tensor, visible: UnitKind = .binary, hidden: UnitKind = .binary,
    labels: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      weight.rank == 2 && visibleBias.shape == [weight.shape[0]] && hiddenBias.shape == [weight.shape[1]]
        && labels <= weight.shape[0],
      "the RBM's weights \(weight.spec), biases \(visibleBias.spec) and \(hiddenBias.spec), and \(labels) labels do not match",
      file, line)
    self.weight = weight
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
    self.visible = visible
    self.hidden = hidden
    self.labels = labels
  }

  /// The RBM in a model or in part of a model: `try RBMDistribution(model.part("0.rbm").part)`. Throws `ModelError` if
  /// the model's layer is not an RBM.
  public init(_ model: Model) throws {
    guard let layer = model.layer as? RestrictedBoltzmannMachine else {
      throw ModelError(
        "expected an RBM, but the model is a layer '\(model.layer.label)'; in a chain, name the "
          + "RBM: layer=0.rbm")
    }
    self.init(
      weight: model.value(named: "weight"), visibleBias: model.value(named: "visible-bias"),
      hiddenBias: model.value(named: "hidden-bias"), visible: layer.visible, hidden: layer.hidden,
      labels: layer.labels)
  }

  /// The element type of the parameters.
  public var dtype: DType { weight.dtype }
  /// The number of visible units, including label units.
  public var visibleCount: Int { weight.shape[0] }
  /// The number of visible units without label units.
  public var inputCount: Int { visibleCount - labels }
  /// The number of hidden units.
  public var hiddenCount: Int { weight.shape[1] }

  /// The RBM with its weights in another type.
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

  /// The means of the visible units given the hidden ones: σ(h·Wᵀ + b); without σ for Gaussian units. Label units have
  /// a softmax.
  public func visibleMeans(_ h: Tensor) -> Tensor {
    guard labels > 0 else {
      return h.affine(weight: weight, bias: visibleBias, activation: visible.activation, transposingWeight: true)
    }
    return visibleMeans(total: h.affine(weight: weight, bias: visibleBias, transposingWeight: true))
  }

  /// The means of the visible units, from their total inputs.
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

  /// One-hot rows, sampled from probabilities [rows, classes].
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

  /// The free energy F(v) = −log Σₕ exp(−E(v, h)) of each row, so that p(v) = exp(−F(v)) / Z. For Gaussian hidden units
  /// the sum is an integral.
  public func freeEnergy(_ v: Tensor) -> Tensor {
    let v = v.flattenedRows()
    return freeEnergy(v, total: v.affine(weight: weight, bias: hiddenBias))
  }

  /// The free energy from a known v·W + c.
  func freeEnergy(_ v: Tensor, total: Tensor) -> Tensor { visibleEnergy(v) + hiddenFreeEnergy(total) }

  /// The contribution of the hidden units to the free energy, from their total inputs v·W + c.
  func hiddenFreeEnergy(_ total: Tensor) -> Tensor {
    switch hidden {
    case .binary: return -total.softplus().sum(axes: [1])
    case .gaussian:
      // ∫ exp(x·h − ½‖h − c‖²) dh with x = total − c is (2π)^(m/2)·exp(½‖total‖² − ½‖c‖²).
      let constant = 0.5 * (hiddenBias.square().sum().item() - Double(hiddenCount) * RBMDistribution.logTwoPi)
      return constant - halfSquares(total)
    }
  }

  /// The contribution of the visible units to the energy.
  func visibleEnergy(_ v: Tensor) -> Tensor {
    guard visible == .gaussian else { return -(v * visibleBias).sum(axes: [1]) }
    guard labels > 0 else { return halfSquares(v - visibleBias) }
    let (inputs, rest) = (0..<inputCount, inputCount..<visibleCount)
    return halfSquares(v.slice(axis: 1, inputs) - visibleBias.slice(axis: 0, inputs))
      - (v.slice(axis: 1, rest) * visibleBias.slice(axis: 0, rest)).sum(axes: [1])
  }

  /// `½‖x‖²` of each row.
  func halfSquares(_ x: Tensor) -> Tensor { x.square().sum(axes: [1]) * 0.5 }

  static let logTwo = 0.6931471805599453
  static let logTwoPi = 1.8378770664093453
}
