import AviaryKernels

/// The elementwise functions that products and convolutions can apply to their results in the same pass.
public enum FusedActivation: Sendable, Hashable {
  /// `y = x`
  case identity
  /// `y = max(x, 0)`
  case relu
  /// `y = x` if x > 0, else `slope · x`.
  case leakyRelu(slope: Double)
  /// `y = 1 / (1 + e⁻ˣ)`
  case sigmoid
  /// `y = tanh x`
  case tanh

  var code: aviary_activation {
    switch self {
    case .identity: AVIARY_IDENTITY
    case .relu: AVIARY_RELU
    case .leakyRelu: AVIARY_LEAKY_RELU
    case .sigmoid: AVIARY_SIGMOID
    case .tanh: AVIARY_TANH
    }
  }

  /// The slope below zero. Traps on a negative slope, whose derivative is not a function of the output.
  var slope: Double {
    guard case .leakyRelu(let slope) = self else { return 0 }
    require(slope >= 0, "the slope of a fused leakyRelu must not be negative, but is \(slope)")
    return slope
  }

  /// The function as a separate operation.
  public func callAsFunction<Value: TensorProtocol>(_ x: Value) -> Value {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .leakyRelu(let slope): x.leakyRelu(slope: slope)
    case .sigmoid: x.sigmoid()
    case .tanh: x.tanh()
    }
  }
}

/// Computes dx from dy and the activation's output y: the derivative of every fused activation is a function of y.
public struct ActivationGradient: Primitive {
  public let name = "activationGradient"
  /// The function to differentiate.
  public let activation: FusedActivation

  public init(_ activation: FusedActivation) { self.activation = activation }

  /// Requires y and dy of the same shape and type.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0] == inputs[1], inputs[0].dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "output and cotangent must have the same shape and be float32 or float64")
    }
    return [inputs[0]]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    if activation == .identity { return [inputs[1]] }
    let (y, dy) = (inputs[0].contiguous(), inputs[1].contiguous())
    let dx = Tensor(uninitialized: specs[0])
    if y.dtype == .float32 {
      aviary_activation_backward_f32(
        activation.code, activation.slope, y.elementCount, y.floats, dy.floats, dx.floats)
    } else {
      aviary_activation_backward_f64(
        activation.code, activation.slope, y.elementCount, y.doubles, dy.doubles, dx.doubles)
    }
    return [dx]
  }

  /// `dy·y(1 − y)` for the sigmoid, `dy(1 − y²)` for tanh, dy where y > 0 for relu.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (y, dy) = (inputs[0], inputs[1])
    switch activation {
    case .identity: return [dy]
    case .relu: return [dy * (y .> 0).cast(to: dy.dtype)]
    case .leakyRelu(let slope): return [Value.where(y .> 0, dy, dy * slope)]
    case .sigmoid: return [dy * (y - y * y)]
    case .tanh: return [dy - dy * y * y]
    }
  }
}

extension Tensor {
  /// The memory of a contiguous float32 tensor.
  package var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
  /// The memory of a contiguous float64 tensor.
  package var doubles: UnsafeMutablePointer<Double> { pointer.assumingMemoryBound(to: Double.self) }
  /// The memory of a contiguous int64 tensor.
  package var integers: UnsafeMutablePointer<Int64> { pointer.assumingMemoryBound(to: Int64.self) }
}

/// A dense layer in one pass: y = f(x·W + b).
///
/// Shapes: x [rows, in], W [in, out] (or [out, in], used transposed), b [out]; y [rows, out].
public struct Affine: Primitive {
  public let name = "affine"
  /// The activation f.
  public let activation: FusedActivation
  /// Whether W is used transposed, for tied weights.
  public let transposingWeight: Bool

  public init(_ activation: FusedActivation = .identity, transposingWeight: Bool = false) {
    self.activation = activation
    self.transposingWeight = transposingWeight
  }

  /// The product's shape; the bias must be as long as a row of the result.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].shape.rank == 2, inputs[1].shape.rank == 2, inputs[0].dtype.isDifferentiable,
      inputs[0].dtype == inputs[1].dtype, inputs[1].dtype == inputs[2].dtype
    else {
      throw ShapeError(name, inputs, "it needs x [rows, in], W [in, out] and b [out] of one floating-point dtype")
    }
    let (k, n) = transposingWeight ? (inputs[1].shape[1], inputs[1].shape[0]) : (inputs[1].shape[0], inputs[1].shape[1])
    guard inputs[0].shape[1] == k, inputs[2].shape == [n] else {
      throw ShapeError(
        name, inputs, "x must have as many columns as W has rows (\(k)), and b as many elements as W has columns (\(n))"
      )
    }
    return [TensorSpec([inputs[0].shape[0], n], inputs[0].dtype)]
  }

  /// One product with bias and activation applied tile by tile.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, w, b) = (inputs[0].contiguous(), inputs[1].contiguous(), inputs[2].contiguous())
    let y = Tensor(uninitialized: specs[0])
    let (m, n, k) = (specs[0].shape[0], specs[0].shape[1], x.shape[1])
    var options = aviary_gemm_options()
    options.bias = UnsafeRawPointer(b.pointer)
    options.activation = activation.code
    options.slope = activation.slope
    if x.dtype == .float32 {
      aviary_gemm_f32(
        false, transposingWeight, m, n, k, x.floats, k, w.floats, w.shape[1], y.floats, n, &options)
    } else {
      aviary_gemm_f64(
        false, transposingWeight, m, n, k, x.doubles, k, w.doubles, w.shape[1], y.doubles, n, &options)
    }
    return [y]
  }

  /// Product, sum, activation.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    [activation(inputs[0].matmul(inputs[1], transposingRight: transposingWeight) + inputs[2])]
  }
}
