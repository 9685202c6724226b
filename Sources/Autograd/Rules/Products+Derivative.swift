import AviaryCore

extension MatMul: DifferentiablePrimitive {
  /// `dA = dC·Bᵀ` and `dB = Aᵀ·dC`, with the operands' transpositions, summed over broadcast leading axes.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (a, b, dy) = (pullback.inputs[0], pullback.inputs[1], pullback.cotangent())
    var left: Variable?
    if pullback.needs(0) {
      left =
        transposingLeft
        ? b.matmul(dy, transposingSelf: transposingRight, transposingRight: true)
        : dy.matmul(b, transposingRight: !transposingRight)
    }
    var right: Variable?
    if pullback.needs(1) {
      right =
        transposingRight
        ? dy.matmul(a, transposingSelf: true, transposingRight: transposingLeft)
        : a.matmul(dy, transposingSelf: !transposingLeft)
    }
    return [left?.summed(to: a.shape), right?.summed(to: b.shape)]
  }
}

extension Affine: DifferentiablePrimitive {
  /// `dz = f′·dy`; `dx = dz·Wᵀ`, `dW = xᵀ·dz`, `db = Σ dz` over the rows.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (x, w) = (pullback.inputs[0], pullback.inputs[1])
    let dz = activation.gradient(pullback.outputs[0], pullback.cotangent())
    return [
      pullback.needs(0) ? dz.matmul(w, transposingRight: !transposingWeight) : nil,
      pullback.needs(1)
        ? (transposingWeight ? dz.matmul(x, transposingSelf: true) : x.matmul(dz, transposingSelf: true)) : nil,
      pullback.needs(2) ? dz.sum(axes: [0]) : nil,
    ]
  }
}

extension FusedActivation {
  /// The derivative from the activation's output and its cotangent.
  func gradient(_ y: Variable, _ dy: Variable) -> Variable {
    self == .identity ? dy : Variable.applying(ActivationGradient(self), y, dy)
  }
}

extension Convolution2D: DifferentiablePrimitive {
  /// With `dz = f′·dy`, the derivatives of images and filters are convolutions of dz, that of the bias its sum over all
  /// pixels.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (x, w) = (pullback.inputs[0], pullback.inputs[1])
    let dz = activation.gradient(pullback.outputs[0], pullback.cotangent())
    var gradients: [Variable?] = [
      pullback.needs(0) ? Variable.applying(Convolution2DInputGradient(window, imageShape: x.shape), dz, w) : nil,
      pullback.needs(1) ? Variable.applying(Convolution2DFilterGradient(window), x, dz) : nil,
    ]
    if pullback.inputs.count > 2 { gradients.append(pullback.needs(2) ? dz.sum(axes: [0, 1, 2]) : nil) }
    return gradients
  }
}

extension Convolution2DInputGradient: DifferentiablePrimitive {
  /// Linear in dy and in the filters.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (dy, w, g) = (pullback.inputs[0], pullback.inputs[1], pullback.cotangent())
    return [
      pullback.needs(0) ? Variable.applying(Convolution2D(window), g, w) : nil,
      pullback.needs(1) ? Variable.applying(Convolution2DFilterGradient(window), g, dy) : nil,
    ]
  }
}

extension Convolution2DFilterGradient: DifferentiablePrimitive {
  /// Linear in the images and in dy.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (x, dy, g) = (pullback.inputs[0], pullback.inputs[1], pullback.cotangent())
    return [
      pullback.needs(0) ? Variable.applying(Convolution2DInputGradient(window, imageShape: x.shape), dy, g) : nil,
      pullback.needs(1) ? Variable.applying(Convolution2D(window), x, g) : nil,
    ]
  }
}

extension MaxPooling2D: DifferentiablePrimitive {
  /// Adds dy at the positions of the maxima.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let adjoint = MaxPooling2DGradient(window, imageShape: pullback.inputs[0].shape)
    return [Variable.applying(adjoint, pullback.cotangent(), pullback.outputs[1].detached())]
  }
}

extension MaxPooling2DGradient: DifferentiablePrimitive {
  /// The elements at the positions of the maxima.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [Variable.applying(PickPooled(), pullback.cotangent(), pullback.inputs[1]), nil]
  }
}

extension AveragePooling2D: DifferentiablePrimitive {
  /// Spreads dy evenly over each window.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [Variable.applying(AveragePooling2DGradient(window, imageShape: pullback.inputs[0].shape), pullback.cotangent())]
  }
}

extension AveragePooling2DGradient: DifferentiablePrimitive {
  /// The means of the windows.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [Variable.applying(AveragePooling2D(window), pullback.cotangent())]
  }
}
