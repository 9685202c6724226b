import AviaryCore

extension Reduce: DifferentiablePrimitive {
  /// dy spread over the reduced elements.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let x = pullback.inputs[0]
    var kept = x.shape
    for axis in axes { kept[axis] = 1 }
    let dy = pullback.cotangent().reshaped(to: kept)
    let y = pullback.outputs[0].reshaped(to: kept)
    switch function {
    case .sum: return [dy.broadcast(to: x.shape)]
    case .logSumExp: return [dy * (x - y).exp()]
    case .max, .min:
      // Equal ones share.
      let chosen = (x.value .== y.value).cast(to: x.dtype)
      return [dy * Variable(chosen / chosen.sum(axes: axes, keepingDimensions: true))]
    case .product: return [dy * othersProduct(x)]
    case .any, .all: throw DifferentiationError.noDerivative(primitive: name)
    }
  }

  /// For each element the product of the others, exact where elements are zero.
  private func othersProduct(_ x: Variable) -> Variable {
    let isZero = x.value .== 0
    let zeros = isZero.cast(to: x.dtype).sum(axes: axes, keepingDimensions: true)
    let safe = Variable.where(Variable(isZero), Variable(Tensor.ones([], dtype: x.dtype)), x)
    let rest = safe.product(axes: axes, keepingDimensions: true)
    let nothing = Variable(Tensor.zeros([], dtype: x.dtype))
    return Variable.where(
      Variable(isZero), Variable.where(Variable(zeros .== 1), rest, nothing),
      Variable.where(Variable(zeros .== 0), rest / safe, nothing))
  }
}

extension TopK: DifferentiablePrimitive {
  /// dy added at the chosen positions.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let positions = pullback.outputs[1].detached()
    return [pullback.cotangent().scatterElements(positions, length: pullback.inputs[0].shape[-1])]
  }
}

extension CumulativeSum: DifferentiablePrimitive {
  /// Running sums of dy from the other end.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [pullback.cotangent().reversed(axis: axis).cumulativeSum(axis: axis).reversed(axis: axis)]
  }
}

extension SoftmaxFunction: DifferentiablePrimitive {
  /// dx = y·(dy − Σ dy·y); for the logarithms dx = dy − eʸ·Σ dy.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (y, dy) = (pullback.outputs[0], pullback.cotangent())
    if isLogarithm { return [dy - y.exp() * dy.sum(axes: [-1], keepingDimensions: true)] }
    return [y * (dy - (dy * y).sum(axes: [-1], keepingDimensions: true))]
  }
}
