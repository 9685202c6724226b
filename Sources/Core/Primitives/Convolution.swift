import AviaryKernels

/// Two-dimensional convolution (cross-correlation) with bias and activation in one pass.
///
///     y[n, i, j, o] = f(b[o] + Σ x[n, i·s + p, j·s + q, c] · w[p, q, c, o])
///
/// Shapes: images [n, height, width, in], filters [height, width, in, out], bias [out].
public struct Convolution2D: Primitive {
  public let name = "conv2d"
  public let window: Window2D
  /// The activation f.
  public let activation: FusedActivation

  public init(_ window: Window2D, _ activation: FusedActivation = .identity) {
    self.window = window
    self.activation = activation
  }

  /// Images and filters must have the same number of channels.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (x, w) = (inputs[0], inputs[1])
    guard x.shape.rank == 4, w.shape.rank == 4, x.dtype.isDifferentiable, x.dtype == w.dtype else {
      throw ShapeError(
        name, inputs,
        "it needs images [n, height, width, in] and filters [height, width, in, out] of one floating-point dtype")
    }
    guard w.shape[0] == window.height, w.shape[1] == window.width, w.shape[2] == x.shape[3] else {
      throw ShapeError(name, inputs, "the filters must be [\(window.height), \(window.width), \(x.shape[3]), out]")
    }
    if inputs.count > 2, inputs[2] != TensorSpec([w.shape[3]], x.dtype) {
      throw ShapeError(name, inputs, "the bias must be \(x.dtype.name)[\(w.shape[3])]")
    }
    guard let shape = window.output(x.shape, channels: w.shape[3]) else {
      throw ShapeError(name, inputs, "the window does not fit into the image; make it smaller or use padding 'same'")
    }
    return [TensorSpec(shape, x.dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, w) = (inputs[0].contiguous(), inputs[1].contiguous())
    let bias = inputs.count > 2 ? inputs[2].contiguous() : nil
    let y = Tensor(uninitialized: specs[0])
    var geometry = window.convolution(image: x.shape, output: specs[0].shape)
    if x.dtype == .float32 {
      aviary_conv2d_forward_f32(
        &geometry, x.floats, w.floats, bias?.floats, activation.code, activation.slope, y.floats)
    } else {
      aviary_conv2d_forward_f64(
        &geometry, x.doubles, w.doubles, bias?.doubles, activation.code, activation.slope, y.doubles)
    }
    return [y]
  }

  /// Convolution, sum and activation separately; nil if nothing is fused.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    guard inputs.count > 2 || activation != .identity else { return nil }
    let product = Value.applying(Convolution2D(window), inputs[0], inputs[1])
    return [activation(inputs.count > 2 ? product + inputs[2] : product)]
  }
}

/// The convolution's derivative with respect to its images: computes dx from the cotangent dy and the filters.
public struct Convolution2DInputGradient: Primitive {
  public let name = "conv2dInputGradient"
  public let window: Window2D
  public let imageShape: Shape

  public init(_ window: Window2D, imageShape: Shape) {
    self.window = window
    self.imageShape = imageShape
  }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[1].shape.rank == 4, window.output(imageShape, channels: inputs[1].shape[3]) == inputs[0].shape else {
      throw ShapeError(name, inputs, "the cotangent does not have the shape of the convolution of \(imageShape)")
    }
    return [TensorSpec(imageShape, inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (dy, w) = (inputs[0].contiguous(), inputs[1].contiguous())
    let dx = Tensor(uninitialized: specs[0])
    var geometry = window.convolution(image: imageShape, output: dy.shape)
    if dy.dtype == .float32 {
      aviary_conv2d_backward_input_f32(&geometry, dy.floats, w.floats, dx.floats)
    } else {
      aviary_conv2d_backward_input_f64(&geometry, dy.doubles, w.doubles, dx.doubles)
    }
    return [dx]
  }
}

/// The convolution's derivative with respect to its filters: computes dw from the images and the cotangent dy.
public struct Convolution2DFilterGradient: Primitive {
  public let name = "conv2dFilterGradient"
  public let window: Window2D

  public init(_ window: Window2D) { self.window = window }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (x, dy) = (inputs[0].shape, inputs[1].shape)
    guard dy.rank == 4, window.output(x, channels: dy[3]) == dy else {
      throw ShapeError(name, inputs, "the cotangent does not have the shape of the convolution of \(x)")
    }
    return [TensorSpec([window.height, window.width, x[3], dy[3]], inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, dy) = (inputs[0].contiguous(), inputs[1].contiguous())
    let dw = Tensor(uninitialized: specs[0])
    var geometry = window.convolution(image: x.shape, output: dy.shape)
    if x.dtype == .float32 {
      aviary_conv2d_backward_filter_f32(&geometry, x.floats, dy.floats, dw.floats)
    } else {
      aviary_conv2d_backward_filter_f64(&geometry, x.doubles, dy.doubles, dw.doubles)
    }
    return [dw]
  }
}
