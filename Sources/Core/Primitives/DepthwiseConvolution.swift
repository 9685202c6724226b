import AviaryKernels

/// A convolution in which each channel has its own filter.
///
///     y[n, i, j, c] = Σ x[n, i·s + p, j·s + q, c] · w[p, q, c]
///
/// Shapes: images [n, height, width, channels], filters [height, width, channels].
public struct DepthwiseConvolution2D: Primitive {
  public let name = "depthwiseConv2d"
  public let window: Window2D

  public init(_ window: Window2D) { self.window = window }

  /// Images and filters must have the same number of channels.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (x, w) = (inputs[0], inputs[1])
    guard x.shape.rank == 4, w.shape.rank == 3, x.dtype.isDifferentiable, x.dtype == w.dtype else {
      throw ShapeError(
        name, inputs, "it needs images [n, height, width, channels] and filters [height, width, channels] of one dtype")
    }
    guard w.shape == [window.height, window.width, x.shape[3]] else {
      throw ShapeError(name, inputs, "the filters must be [\(window.height), \(window.width), \(x.shape[3])]")
    }
    guard let shape = window.output(x.shape, channels: x.shape[3]) else {
      throw ShapeError(name, inputs, "the window does not fit into the image; make it smaller or use padding 'same'")
    }
    return [TensorSpec(shape, x.dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, w) = (inputs[0].contiguous(), inputs[1].contiguous())
    let y = Tensor(uninitialized: specs[0])
    var geometry = window.convolution(image: x.shape, output: y.shape)
    if x.dtype == .float32 {
      aviary_depthwise2d_forward_f32(&geometry, x.floats, w.floats, y.floats)
    } else {
      aviary_depthwise2d_forward_f64(&geometry, x.doubles, w.doubles, y.doubles)
    }
    return [y]
  }
}

/// A depthwise convolution's derivative with respect to its images: computes dx from the cotangent dy and the filters.
public struct DepthwiseConvolution2DInputGradient: Primitive {
  public let name = "depthwiseConv2dInputGradient"
  public let window: Window2D
  public let imageShape: Shape

  public init(_ window: Window2D, imageShape: Shape) {
    self.window = window
    self.imageShape = imageShape
  }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard imageShape.rank == 4, window.output(imageShape, channels: imageShape[3]) == inputs[0].shape,
      inputs[1] == TensorSpec([window.height, window.width, imageShape[3]], inputs[0].dtype)
    else {
      throw ShapeError(name, inputs, "the cotangent does not have the shape of the convolution of \(imageShape)")
    }
    return [TensorSpec(imageShape, inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (dy, w) = (inputs[0].contiguous(), inputs[1].contiguous())
    let dx = Tensor(uninitialized: specs[0])
    var geometry = window.convolution(image: imageShape, output: dy.shape)
    if dy.dtype == .float32 {
      aviary_depthwise2d_backward_input_f32(&geometry, dy.floats, w.floats, dx.floats)
    } else {
      aviary_depthwise2d_backward_input_f64(&geometry, dy.doubles, w.doubles, dx.doubles)
    }
    return [dx]
  }
}

/// A depthwise convolution's derivative with respect to its filters: computes dw from the images and the cotangent dy.
public struct DepthwiseConvolution2DFilterGradient: Primitive {
  public let name = "depthwiseConv2dFilterGradient"
  public let window: Window2D

  public init(_ window: Window2D) { self.window = window }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (x, dy) = (inputs[0].shape, inputs[1].shape)
    guard x.rank == 4, window.output(x, channels: x[3]) == dy, inputs[0].dtype == inputs[1].dtype else {
      throw ShapeError(name, inputs, "the cotangent does not have the shape of the convolution of \(x)")
    }
    return [TensorSpec([window.height, window.width, x[3]], inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, dy) = (inputs[0].contiguous(), inputs[1].contiguous())
    if dy.elementCount == 0 { return [Tensor.zeros(specs[0].shape, dtype: specs[0].dtype)] }
    let dw = Tensor(uninitialized: specs[0])
    var geometry = window.convolution(image: x.shape, output: dy.shape)
    if x.dtype == .float32 {
      aviary_depthwise2d_backward_filter_f32(&geometry, x.floats, dy.floats, dw.floats)
    } else {
      aviary_depthwise2d_backward_filter_f64(&geometry, x.doubles, dy.doubles, dw.doubles)
    }
    return [dw]
  }
}
