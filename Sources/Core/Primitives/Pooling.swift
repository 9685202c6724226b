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
        name, inputs, "it takes images [n, height, width, channels] of a floating dtype, without dilation")
    }
    guard let shape = output(inputs[0].shape, channels: inputs[0].shape[3]) else {
      throw ShapeError(name, inputs, "the window does not fit into the image; make it smaller or use padding 'same'")
    }
    return TensorSpec(shape, inputs[0].dtype)
  }
}

/// The greatest element of each window, and where it was: its position in the image plane (row · width + column) as int32.
public struct MaxPooling2D: Primitive {
  /// `"maxPool2d"`.
  public let name = "maxPool2d"
  /// The window's geometry.
  public let window: Window2D

  /// A max pooling.
  public init(_ window: Window2D) { self.window = window }

  /// Values and positions.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let spec = try window.pooledSpec(name, inputs)
    return [spec, TensorSpec(spec.shape, .int32)]
  }

  /// The kernel.
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

/// Max pooling's adjoint: sends each cotangent to the position its maximum came from.
public struct MaxPooling2DGradient: Primitive {
  /// `"maxPool2dGradient"`.
  public let name = "maxPool2dGradient"
  /// The window's geometry.
  public let window: Window2D
  /// The images' shape.
  public let imageShape: Shape

  /// The adjoint for images of a shape.
  public init(_ window: Window2D, imageShape: Shape) {
    self.window = window
    self.imageShape = imageShape
  }

  /// Takes the cotangent and the positions; the images' shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].shape == inputs[1].shape, inputs[1].dtype == .int32 else {
      throw ShapeError(name, inputs, "it takes a cotangent and the int32 positions of the pooling")
    }
    return [TensorSpec(imageShape, inputs[0].dtype)]
  }

  /// The kernel.
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

/// Takes from images the elements at a pooling's positions: the adjoint of ``MaxPooling2DGradient``.
public struct PickPooled: Primitive {
  /// `"pickPooled"`.
  public let name = "pickPooled"

  /// A selection.
  public init() {}

  /// Takes images and positions; the positions' shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    [TensorSpec(inputs[1].shape, inputs[0].dtype)]
  }

  /// Element by element.
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

/// The mean of each window's elements that lie inside the image.
public struct AveragePooling2D: Primitive {
  /// `"averagePool2d"`.
  public let name = "averagePool2d"
  /// The window's geometry.
  public let window: Window2D

  /// An average pooling.
  public init(_ window: Window2D) { self.window = window }

  /// The pooled shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    [try window.pooledSpec(name, inputs)]
  }

  /// The kernel.
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

/// Average pooling's adjoint.
public struct AveragePooling2DGradient: Primitive {
  /// `"averagePool2dGradient"`.
  public let name = "averagePool2dGradient"
  /// The window's geometry.
  public let window: Window2D
  /// The images' shape.
  public let imageShape: Shape

  /// The adjoint for images of a shape.
  public init(_ window: Window2D, imageShape: Shape) {
    self.window = window
    self.imageShape = imageShape
  }

  /// The images' shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    [TensorSpec(imageShape, inputs[0].dtype)]
  }

  /// The kernel.
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
