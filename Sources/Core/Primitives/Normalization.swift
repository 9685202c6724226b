import AviaryKernels

/// Batch normalization of columns with the batch's own statistics. Also returns μ and σ².
///
///     y = γ·(x − μ)/√(σ² + ε) + β
///
/// Takes x [rows, channels], γ [channels], β [channels]; returns y, the mean μ and the biased variance σ² of each
/// column. (Ioffe and Szegedy, "Batch normalization", 2015.)
public struct BatchNormalization: Primitive {
  public let name = "batchNorm"
  /// The constant ε.
  public let epsilon: Double

  public init(epsilon: Double) { self.epsilon = epsilon }

  /// The specs of y and the two statistics.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let x = inputs[0]
    guard x.shape.rank == 2, x.shape[0] > 0, x.dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "x must be float32 or float64 [rows, channels] with at least one row")
    }
    let column = TensorSpec([x.shape[1]], x.dtype)
    guard inputs[1] == column, inputs[2] == column else { throw ShapeError(name, inputs, "γ and β must be \(column)") }
    return [x, column, column]
  }

  /// Two passes for the statistics, then one.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, gamma, beta) = (inputs[0].contiguous(), inputs[1].contiguous(), inputs[2].contiguous())
    let outputs = specs.map { Tensor(uninitialized: $0) }
    let (rows, columns) = (x.shape[0], x.shape[1])
    let rest = Tensor(uninitialized: specs[1])
    guard
      aviary_moments(
        x.dtype.code, rows, columns, x.pointer, outputs[1].pointer, outputs[2].pointer, rest.pointer),
      aviary_batch_norm_forward(
        x.dtype.code, rows, columns, x.pointer, outputs[1].pointer, outputs[2].pointer, rest.pointer, epsilon,
        gamma.pointer, beta.pointer, outputs[0].pointer)
    else { return nil }
    return outputs
  }

  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let mean = inputs[0].mean(axes: [0])
    let variance = (inputs[0] - mean).square().mean(axes: [0])
    let normalized = (inputs[0] - mean) * (variance + epsilon).rsqrt()
    return [normalized * inputs[1] + inputs[2], mean, variance]
  }
}

/// The derivative of ``BatchNormalization``'s first output: computes dx, dγ and dβ from x, γ, μ, σ² and dy.
public struct BatchNormalizationGradient: Primitive {
  public let name = "batchNormGradient"
  /// The constant ε.
  public let epsilon: Double

  public init(epsilon: Double) { self.epsilon = epsilon }

  /// The spec of x for dx, and of γ for dγ and dβ.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0] == inputs[4] else { throw ShapeError(name, inputs, "the cotangent must have the shape of x") }
    return [inputs[0], inputs[1], inputs[1]]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, gamma, dy) = (inputs[0].contiguous(), inputs[1].contiguous(), inputs[4].contiguous())
    let (mean, variance) = (inputs[2].contiguous(), inputs[3].contiguous())
    let outputs = specs.map { Tensor(uninitialized: $0) }
    let done = aviary_batch_norm_backward(
      x.dtype.code, x.shape[0], x.shape[1], x.pointer, mean.pointer, variance.pointer, epsilon, gamma.pointer,
      dy.pointer,
      outputs[0].pointer, outputs[1].pointer, outputs[2].pointer)
    return done ? outputs : nil
  }

  /// `dβ = Σ dy, dγ = Σ dy·x̂, dx = γ/√(σ² + ε)·(dy − dβ/n − x̂·dγ/n)`
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (x, gamma, dy) = (inputs[0], inputs[1], inputs[4])
    let deviation = (inputs[3] + epsilon).rsqrt()
    let normalized = (x - inputs[2]) * deviation
    let rows = Double(x.shape[0])
    let dbeta = dy.sum(axes: [0])
    let dgamma = (dy * normalized).sum(axes: [0])
    return [gamma * deviation * (dy - dbeta / rows - normalized * (dgamma / rows)), dgamma, dbeta]
  }
}

/// Inverted dropout: y = x·m/keep, where mᵢ is 1 with probability `keep`, else 0 (Srivastava et al., 2014).
///
/// The mask is a pure function of the random source, so that the derivative draws it again instead of storing it:
/// dropout is its own adjoint.
public struct InvertedDropout: Primitive {
  public let name = "dropout"
  /// The probability that an element is kept.
  public let keep: Double
  /// The factor of kept elements: 1 / keep for inverted dropout.
  public let scale: Double
  /// The source of the mask.
  public let random: RandomSource

  /// The default `scale` is 1 / keep.
  public init(
    keep: Double, scale: Double? = nil, random: RandomSource, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      keep > 0 && keep <= 1, "the probability of keeping an element must be in (0, 1], but is \(keep)", file, line)
    self.keep = keep
    self.scale = scale ?? 1 / keep
    self.random = random
  }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].dtype.isDifferentiable else { throw ShapeError(name, inputs, "it needs float32 or float64") }
    return inputs
  }

  /// Draws and applies the mask in one pass.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let x = inputs[0].contiguous()
    let y = Tensor(uninitialized: specs[0])
    if x.dtype == .float32 {
      aviary_random_dropout_f32(
        random.key, random.stream, 0, x.elementCount, keep, Float(scale), x.floats, y.floats)
    } else {
      aviary_random_dropout_f64(random.key, random.stream, 0, x.elementCount, keep, scale, x.doubles, y.doubles)
    }
    return [y]
  }

  /// The product of x and the drawn mask.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let mask = random.bernoulli(inputs[0].shape, probability: keep).cast(to: inputs[0].dtype)
    return [inputs[0] * Value(mask * scale)]
  }
}
