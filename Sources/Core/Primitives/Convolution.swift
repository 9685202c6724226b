import AviaryKernels

/// The geometry of a two-dimensional window that slides over images: sizes, strides, dilation and padding.
public struct Window2D: Sendable, Hashable {
  /// How the border of an image is treated.
  public enum Padding: String, Sendable, CaseIterable, Codable {
    /// Only windows that lie wholly inside: out = ⌈(in − reach + 1) / stride⌉, where reach = (size − 1)·dilation + 1.
    case valid
    /// As many windows as strides fit: out = ⌈in / stride⌉, with the missing pixels shared between both sides and an odd
    /// one at the bottom and right, as TensorFlow does.
    case same
  }

  /// Height and width of the window.
  public var size: (height: Int, width: Int) { (height, width) }
  let height: Int
  let width: Int
  let strideHeight: Int
  let strideWidth: Int
  let dilationHeight: Int
  let dilationWidth: Int
  let padding: Padding

  /// A window, with one dilation for both directions. Traps where a number is not positive.
  public init(
    height: Int, width: Int, strides: (Int, Int) = (1, 1), dilation: Int = 1, padding: Padding = .valid
  ) {
    self.init(
      height: height, width: width, strides: strides, dilations: (dilation, dilation), padding: padding)
  }

  /// A window; `strides` and `dilations` are those of height and width. Traps where a number is not positive.
  public init(
    height: Int, width: Int, strides: (Int, Int), dilations: (Int, Int), padding: Padding
  ) {
    precondition(
      height > 0 && width > 0 && strides.0 > 0 && strides.1 > 0 && dilations.0 > 0 && dilations.1 > 0,
      "sizes, strides and dilations of a window are positive")
    self.height = height
    self.width = width
    strideHeight = strides.0
    strideWidth = strides.1
    dilationHeight = dilations.0
    dilationWidth = dilations.1
    self.padding = padding
  }

  /// The number of windows over a length of `input`, and the missing pixels before its first one; nil where none fits.
  static func placement(_ input: Int, _ size: Int, _ stride: Int, _ dilation: Int, _ padding: Padding) -> (Int, Int)? {
    let reach = (size - 1) * dilation + 1
    switch padding {
    case .valid: return input >= reach ? ((input - reach) / stride + 1, 0) : nil
    case .same:
      let output = (input + stride - 1) / stride
      return (output, max((output - 1) * stride + reach - input, 0) / 2)
    }
  }

  /// Output height and width for images of the given size, or nil where no window fits.
  public func outputSize(height inputHeight: Int, width inputWidth: Int) -> (height: Int, width: Int)? {
    guard let (rows, _) = Window2D.placement(inputHeight, height, strideHeight, dilationHeight, padding),
      let (columns, _) = Window2D.placement(inputWidth, width, strideWidth, dilationWidth, padding)
    else { return nil }
    return (rows, columns)
  }

  func paddingBefore(_ shape: Shape) -> (top: Int, left: Int) {
    (
      Window2D.placement(shape[1], height, strideHeight, dilationHeight, padding)?.1 ?? 0,
      Window2D.placement(shape[2], width, strideWidth, dilationWidth, padding)?.1 ?? 0
    )
  }

  func output(_ image: Shape, channels: Int) -> Shape? {
    guard image.rank == 4, let size = outputSize(height: image[1], width: image[2]) else { return nil }
    return [image[0], size.height, size.width, channels]
  }

  func convolution(image: Shape, output: Shape) -> aviary_conv2d {
    let before = paddingBefore(image)
    return aviary_conv2d(
      n: image[0], h: image[1], w: image[2], cin: image[3], kh: height, kw: width, cout: output[3],
      oh: output[1], ow: output[2], stride_h: strideHeight, stride_w: strideWidth,
      pad_top: before.top, pad_left: before.left, dilation_h: dilationHeight, dilation_w: dilationWidth)
  }
}

/// Two-dimensional convolution (cross-correlation) with bias and activation in one pass:
/// y[n, i, j, o] = f(b[o] + Σ x[n, i·s + p, j·s + q, c] · w[p, q, c, o]).
///
/// Images [n, height, width, in], filters [height, width, in, out], bias [out].
public struct Convolution2D: Primitive {
  /// `"conv2d"`.
  public let name = "conv2d"
  /// The window's geometry.
  public let window: Window2D
  /// f.
  public let activation: FusedActivation

  /// A convolution.
  public init(_ window: Window2D, _ activation: FusedActivation = .identity) {
    self.window = window
    self.activation = activation
  }

  /// Images and filters with as many channels.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (x, w) = (inputs[0], inputs[1])
    guard x.shape.rank == 4, w.shape.rank == 4, x.dtype.isDifferentiable, x.dtype == w.dtype else {
      throw ShapeError(
        name, inputs,
        "it takes images [n, height, width, in] and filters [height, width, in, out] of one floating dtype")
    }
    guard w.shape[0] == window.height, w.shape[1] == window.width, w.shape[2] == x.shape[3] else {
      throw ShapeError(name, inputs, "the filters are [\(window.height), \(window.width), \(x.shape[3]), out]")
    }
    if inputs.count > 2, inputs[2] != TensorSpec([w.shape[3]], x.dtype) {
      throw ShapeError(name, inputs, "the bias is \(x.dtype.name)[\(w.shape[3])]")
    }
    guard let shape = window.output(x.shape, channels: w.shape[3]) else {
      throw ShapeError(name, inputs, "the window does not fit into the image; make it smaller or use padding 'same'")
    }
    return [TensorSpec(shape, x.dtype)]
  }

  /// The kernel.
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

  /// Convolution, sum and activation apart; none where there is nothing fused.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    guard inputs.count > 2 || activation != .identity else { return nil }
    let product = Value.applying(Convolution2D(window), inputs[0], inputs[1])
    return [activation(inputs.count > 2 ? product + inputs[2] : product)]
  }
}

/// The convolution's derivative by its images: takes the cotangent dy and the filters, gives dx.
public struct Convolution2DInputGradient: Primitive {
  /// `"conv2dInputGradient"`.
  public let name = "conv2dInputGradient"
  /// The window's geometry.
  public let window: Window2D
  /// The images' shape.
  public let imageShape: Shape

  /// The derivative for images of a shape.
  public init(_ window: Window2D, imageShape: Shape) {
    self.window = window
    self.imageShape = imageShape
  }

  /// The images' shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[1].shape.rank == 4, window.output(imageShape, channels: inputs[1].shape[3]) == inputs[0].shape else {
      throw ShapeError(name, inputs, "the cotangent does not have the shape of the convolution of \(imageShape)")
    }
    return [TensorSpec(imageShape, inputs[0].dtype)]
  }

  /// The kernel.
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

/// The convolution's derivative by its filters: takes the images and the cotangent dy, gives dw.
public struct Convolution2DFilterGradient: Primitive {
  /// `"conv2dFilterGradient"`.
  public let name = "conv2dFilterGradient"
  /// The window's geometry.
  public let window: Window2D

  /// The derivative by the filters.
  public init(_ window: Window2D) { self.window = window }

  /// The filters' shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (x, dy) = (inputs[0].shape, inputs[1].shape)
    guard dy.rank == 4, window.output(x, channels: dy[3]) == dy else {
      throw ShapeError(name, inputs, "the cotangent does not have the shape of the convolution of \(x)")
    }
    return [TensorSpec([window.height, window.width, x[3], dy[3]], inputs[0].dtype)]
  }

  /// The kernel.
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
