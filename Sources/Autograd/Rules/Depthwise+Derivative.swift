import AviaryCore

extension DepthwiseConvolution2D: DifferentiablePrimitive {
  /// Linear in the images and in the filters.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (x, w, dy) = (pullback.inputs[0], pullback.inputs[1], pullback.cotangent())
    return [
      pullback.needs(0)
        ? Variable.applying(DepthwiseConvolution2DInputGradient(window, imageShape: x.shape), dy, w) : nil,
      pullback.needs(1) ? Variable.applying(DepthwiseConvolution2DFilterGradient(window), x, dy) : nil,
    ]
  }
}

extension DepthwiseConvolution2DInputGradient: DifferentiablePrimitive {
  /// Linear in dy and in the filters.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (dy, w, g) = (pullback.inputs[0], pullback.inputs[1], pullback.cotangent())
    return [
      pullback.needs(0) ? Variable.applying(DepthwiseConvolution2D(window), g, w) : nil,
      pullback.needs(1) ? Variable.applying(DepthwiseConvolution2DFilterGradient(window), g, dy) : nil,
    ]
  }
}

extension DepthwiseConvolution2DFilterGradient: DifferentiablePrimitive {
  /// Linear in the images and in dy.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (x, dy, g) = (pullback.inputs[0], pullback.inputs[1], pullback.cotangent())
    return [
      pullback.needs(0)
        ? Variable.applying(DepthwiseConvolution2DInputGradient(window, imageShape: x.shape), dy, g) : nil,
      pullback.needs(1) ? Variable.applying(DepthwiseConvolution2D(window), x, g) : nil,
    ]
  }
}
