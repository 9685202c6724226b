import AviaryKernels

extension Window2D {
  func pooling(image: Shape, output: Shape) -> aviary_pool2d {
    let before = paddingBefore(image)
    return aviary_pool2d(
      n: image[0], h: image[1], w: image[2], c: image[3], kh: height, kw: width, oh: output[1], ow: output[2],
      stride_h: strideHeight, stride_w: strideWidth, pad_top: before.top, pad_left: before.left)
  }

  func pooledSpec(_ name: String, _ inputs: [TensorSpec]) throws(ShapeError) -> TensorSpec {
    guard inputs[0].shape.rank == 4, inputs[0].dtype.isDifferentiable, dilationHeight == 1,
      dilationWidth == 1
    else {
      throw ShapeError(
        name, inputs, "it needs images [n, height, width, channels] of a floating-point dtype, without dilation")
    }
    guard let shape = output(inputs[0].shape, channels: inputs[0].shape[3]) else {
      throw ShapeError(name, inputs, "the window does not fit into the image; make it smaller or use padding 'same'")
    }
    return TensorSpec(shape, inputs[0].dtype)
  }
}

/// The maximum of each window and its position in the image plane (row · width + column) as int32.
public struct MaxPooling2D: Primitive {
  public let name = "maxPool2d"
  public let window: Window2D

  public init(_ window: Window2D) { self.window = window }

  /// The specs of values and positions.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let spec = try window.pooledSpec(name, inputs)
    return [spec, TensorSpec(spec.shape, .int32)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let x = inputs[0].contiguous()
    let (y, positions) = (Tensor(uninitialized: specs[0]), Tensor(uninitialized: specs[1]))
    var geometry = window.pooling(image: x.shape, output: specs[0].shape)
    let places = positions.pointer.assumingMemoryBound(to: Int32.self)
    if x.dtype == .float32 {
      aviary_maxpool2d_forward_f32(&geometry, x.floats, y.floats, places)
    } else {
      aviary_maxpool2d_forward_f64(&geometry, x.doubles, y.doubles, places)
    }
    return [y, positions]
  }
}

/// The adjoint of max pooling: adds each cotangent at the position of its maximum.
public struct MaxPooling2DGradient: Primitive {
  public let name = "maxPool2dGradient"
  public let window: Window2D
  public let imageShape: Shape

  public init(_ window: Window2D, imageShape: Shape) {
    self.window = window
    self.imageShape = imageShape
  }

  /// Takes the cotangent and the positions; returns the images' shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].shape == inputs[1].shape, inputs[1].dtype == .int32 else {
      throw ShapeError(name, inputs, "it needs a cotangent and the int32 positions of the pooling")
    }
    return [TensorSpec(imageShape, inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (dy, positions) = (inputs[0].contiguous(), inputs[1].contiguous())
    let dx = Tensor(uninitialized: specs[0])
    var geometry = window.pooling(image: imageShape, output: dy.shape)
    let places = positions.pointer.assumingMemoryBound(to: Int32.self)
    if dy.dtype == .float32 {
      aviary_maxpool2d_backward_f32(&geometry, dy.floats, places, dx.floats)
    } else {
      aviary_maxpool2d_backward_f64(&geometry, dy.doubles, places, dx.doubles)
    }
    return [dx]
  }
}

/// Picks the elements of images at a pooling's positions: the adjoint of ``MaxPooling2DGradient``.
public struct PickPooled: Primitive {
  public let name = "pickPooled"

  public init() {}

  /// Takes images and positions; returns the positions' shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    [TensorSpec(inputs[1].shape, inputs[0].dtype)]
  }

  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (x, positions) = (inputs[0], inputs[1])
    let (n, plane, channels) = (x.shape[0], x.shape[1] * x.shape[2], x.shape[3])
    let planes = x.reshaped(to: [n, plane, channels]).transposed(axes: [0, 2, 1])
    let places = positions.reshaped(to: [n, positions.shape[1] * positions.shape[2], channels]).transposed(axes: [
      0, 2, 1,
    ])
    let picked = planes.gatherElements(places.cast(to: .int64))
    return [picked.transposed(axes: [0, 2, 1]).reshaped(to: positions.shape)]
  }
}

/// The mean of each window's elements inside the image.
public struct AveragePooling2D: Primitive {
  public let name = "averagePool2d"
  public let window: Window2D

  public init(_ window: Window2D) { self.window = window }

  /// The pooled shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    [try window.pooledSpec(name, inputs)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let x = inputs[0].contiguous()
    let y = Tensor(uninitialized: specs[0])
    var geometry = window.pooling(image: x.shape, output: specs[0].shape)
    if x.dtype == .float32 {
      aviary_avgpool2d_forward_f32(&geometry, false, x.floats, y.floats)
    } else {
      aviary_avgpool2d_forward_f64(&geometry, false, x.doubles, y.doubles)
    }
    return [y]
  }
}

/// The adjoint of average pooling.
public struct AveragePooling2DGradient: Primitive {
  public let name = "averagePool2dGradient"
  public let window: Window2D
  public let imageShape: Shape

  public init(_ window: Window2D, imageShape: Shape) {
    self.window = window
    self.imageShape = imageShape
  }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    [TensorSpec(imageShape, inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let dy = inputs[0].contiguous()
    let dx = Tensor(uninitialized: specs[0])
    var geometry = window.pooling(image: imageShape, output: dy.shape)
    if dy.dtype == .float32 {
      aviary_avgpool2d_backward_f32(&geometry, false, dy.floats, dx.floats)
    } else {
      aviary_avgpool2d_backward_f64(&geometry, false, dy.doubles, dx.doubles)
    }
    return [dx]
  }
}
