import AviaryKernels

/// Normalization of groups of channels of each example. Also returns μ and σ².
///
///     y = γ·(x − μ)/√(σ² + ε) + β
///
/// Takes x [rows, positions, channels], γ [channels] and β [channels]. In each row the channels are divided into groups
/// of neighbors, and each group is normalized over all its positions. Returns y, and μ and σ² [rows, groups], computed
/// in two passes. If not centered, μ is 0 and σ² the mean square. One position and one group make a layer normalization;
/// as many groups as channels, an instance normalization. (Wu and He, "Group normalization", 2018.)
public struct GroupNormalization: Primitive {
  public let name = "groupNorm"
  /// The number of groups.
  public let groups: Int
  /// The constant ε.
  public let epsilon: Double
  /// Whether the mean is subtracted.
  public let isCentered: Bool

  public init(groups: Int = 1, epsilon: Double, isCentered: Bool = true) {
    self.groups = groups
    self.epsilon = epsilon
    self.isCentered = isCentered
  }

  /// The specs of y and the two statistics.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let x = inputs[0]
    guard x.shape.rank == 3, x.dtype.isDifferentiable, x.shape[1] > 0, x.shape[2] > 0 else {
      throw ShapeError(
        name, inputs, "x must be float32 or float64 [rows, positions, channels] with positions and channels")
    }
    guard groups > 0, x.shape[2] % groups == 0 else {
      throw ShapeError(name, inputs, "the \(x.shape[2]) channels are not a multiple of \(groups) groups")
    }
    let channel = TensorSpec([x.shape[2]], x.dtype)
    guard inputs[1] == channel, inputs[2] == channel else {
      throw ShapeError(name, inputs, "γ and β must be \(channel)")
    }
    let statistics = TensorSpec([x.shape[0], groups], x.dtype)
    return [x, statistics, statistics]
  }

  func geometry(_ shape: Shape) -> aviary_group_norm {
    aviary_group_norm(
      n: shape[0], places: shape[1], channels: shape[2], groups: groups, centered: isCentered, epsilon: epsilon)
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, gamma, beta) = (inputs[0].contiguous(), inputs[1].contiguous(), inputs[2].contiguous())
    let outputs = specs.map { Tensor(uninitialized: $0) }
    var geometry = geometry(x.shape)
    let done = aviary_group_norm_forward(
      x.dtype.code, &geometry, x.pointer, gamma.pointer, beta.pointer, outputs[0].pointer, outputs[1].pointer,
      outputs[2].pointer)
    return done ? outputs : nil
  }

  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let shape = inputs[0].shape
    let x = inputs[0].reshaped(to: [shape[0], shape[1], groups, shape[2] / groups])
    let mean = x.mean(axes: [1, 3], keepingDimensions: true) * (isCentered ? 1 : 0)
    let variance = (x - mean).square().mean(axes: [1, 3], keepingDimensions: true)
    let normalized = ((x - mean) * (variance + epsilon).rsqrt()).reshaped(to: shape)
    let statistics: Shape = [shape[0], groups]
    return [normalized * inputs[1] + inputs[2], mean.reshaped(to: statistics), variance.reshaped(to: statistics)]
  }
}

/// The derivative of ``GroupNormalization``'s first output: computes dx, dγ and dβ from x, γ, μ, σ² and dy.
public struct GroupNormalizationGradient: Primitive {
  public let name = "groupNormGradient"
  /// The normalization to differentiate.
  public let normalization: GroupNormalization

  public init(_ normalization: GroupNormalization) { self.normalization = normalization }

  /// The spec of x for dx, and of γ for dγ and dβ.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0] == inputs[4] else { throw ShapeError(name, inputs, "the cotangent must have the shape of x") }
    return [inputs[0], inputs[1], inputs[1]]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, gamma, dy) = (inputs[0].contiguous(), inputs[1].contiguous(), inputs[4].contiguous())
    let (mean, variance) = (inputs[2].contiguous(), inputs[3].contiguous())
    if x.elementCount == 0 { return specs.map { Tensor.zeros($0.shape, dtype: $0.dtype) } }
    let outputs = specs.map { Tensor(uninitialized: $0) }
    var geometry = normalization.geometry(x.shape)
    let done = aviary_group_norm_backward(
      x.dtype.code, &geometry, x.pointer, mean.pointer, variance.pointer, gamma.pointer, dy.pointer,
      outputs[0].pointer, outputs[1].pointer, outputs[2].pointer)
    return done ? outputs : nil
  }

  /// With g = γ·dy; without the term mean g if not centered:
  ///
  ///     dβ = Σ dy,   dγ = Σ dy·x̂,   dx = (g − mean g − x̂·mean(g·x̂))/√(σ² + ε)
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (shape, groups) = (inputs[0].shape, normalization.groups)
    let grouped: Shape = [shape[0], shape[1], groups, shape[2] / groups]
    let statistics: Shape = [shape[0], 1, groups, 1]
    let inverse = (inputs[3].reshaped(to: statistics) + normalization.epsilon).rsqrt()
    let normalized = (inputs[0].reshaped(to: grouped) - inputs[2].reshaped(to: statistics)) * inverse
    let (dy, g) = (inputs[4], (inputs[4] * inputs[1]).reshaped(to: grouped))
    var dx = g - normalized * (g * normalized).mean(axes: [1, 3], keepingDimensions: true)
    if normalization.isCentered { dx = dx - g.mean(axes: [1, 3], keepingDimensions: true) }
    return [
      (dx * inverse).reshaped(to: shape), (dy * normalized.reshaped(to: shape)).sum(axes: [0, 1]),
      dy.sum(axes: [0, 1]),
    ]
  }
}
