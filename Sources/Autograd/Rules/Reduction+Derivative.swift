import AviaryCore

extension Reduce: DifferentiablePrimitive {
  /// Spreads dy over the reduced elements.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let x = pullback.inputs[0]
    var kept = x.shape
    for axis in axes { kept[axis] = 1 }
    let dy = pullback.cotangent().reshaped(to: kept)
    lazy var y = pullback.outputs[0].reshaped(to: kept)
    switch function {
    case .sum: return [dy.broadcast(to: x.shape)]
    case .logSumExp: return [dy * (x - y).exp()]
    case .max, .min:
      // Equal elements share the cotangent.
      let chosen = (x.value .== y.value).cast(to: x.dtype)
      return [dy * Variable(chosen / chosen.sum(axes: axes, keepingDimensions: true))]
    case .product: return [dy * othersProduct(x, y)]
    case .any, .all: throw DifferentiationError.noDerivative(primitive: name)
    }
  }

  /// For each element, the product of the others.
  private func othersProduct(_ x: Variable, _ y: Variable) -> Variable {
    if axes.isEmpty { return Variable(Tensor.ones(x.shape, dtype: x.dtype)) }
    if (x.value .== 0).any().item() == 0 { return y / x }
    // Division fails if an element is zero, so the products are formed one by one, from n² factors.
    let kept = (0..<x.rank).filter { !axes.contains($0) }
    let order = kept + axes
    let moved = x.transposed(axes: order)
    let count = axes.reduce(1) { $0 * x.shape[$1] }
    let rows = moved.reshaped(to: [x.shape.elementCount / count, 1, count])
    let own = Variable(Tensor.identity(count, dtype: x.dtype) .!= 0)
    let products = Variable.where(own, x.constant(1), rows).product(axes: [2])
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return products.reshaped(to: moved.shape).transposed(axes: inverse)
  }
}

extension TopK: DifferentiablePrimitive {
  /// Adds dy at the selected positions.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let positions = pullback.outputs[1].detached()
    return [pullback.cotangent().scatterElements(positions, length: pullback.inputs[0].shape[-1])]
  }
}

extension CumulativeSum: DifferentiablePrimitive {
  /// Cumulative sums of dy from the other end.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [pullback.cotangent().reversed(axis: axis).cumulativeSum(axis: axis).reversed(axis: axis)]
  }
}

extension SoftmaxFunction: DifferentiablePrimitive {
  /// `dx = y·(dy − Σ dy·y)`; for the logarithm `dx = dy − eʸ·Σ dy`.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (y, dy) = (pullback.outputs[0], pullback.cotangent())
    if isLogarithm { return [dy - y.exp() * dy.sum(axes: [-1], keepingDimensions: true)] }
    return [y * (dy - (dy * y).sum(axes: [-1], keepingDimensions: true))]
  }
}
