import AviaryCore

extension SoftmaxCrossEntropyFromLogits: DifferentiablePrimitive {
  /// With respect to the logits, (softmax·Σt − t)·dy; otherwise through the composition.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    guard pullback.cotangents[1] == nil, !pullback.needs(1) else { return try pullback.throughComposition() }
    let gradient = SoftmaxCrossEntropyGradient()
    return [Variable.applying(gradient, pullback.outputs[1], pullback.inputs[1], pullback.cotangent()), nil]
  }
}

extension SigmoidCrossEntropyFromLogits: DifferentiablePrimitive {
  /// With respect to the logits, (σ(z) − t)·dy; with respect to the targets, −z·dy.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (z, t, dy) = (pullback.inputs[0], pullback.inputs[1], pullback.cotangent())
    return [pullback.needs(0) ? (z.sigmoid() - t) * dy : nil, pullback.needs(1) ? -(z * dy) : nil]
  }
}

extension BatchNormalization: DifferentiablePrimitive {
  /// The closed form if only y has a cotangent, otherwise through the composition.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    guard pullback.cotangents[1] == nil, pullback.cotangents[2] == nil else { return try pullback.throughComposition() }
    let operands = [
      pullback.inputs[0], pullback.inputs[1], pullback.outputs[1], pullback.outputs[2], pullback.cotangent(),
    ]
    return Variable.apply(BatchNormalizationGradient(epsilon: epsilon), to: operands)
  }
}

extension GroupNormalization: DifferentiablePrimitive {
  /// The closed form if only y has a cotangent, otherwise through the composition.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    guard pullback.cotangents[1] == nil, pullback.cotangents[2] == nil else { return try pullback.throughComposition() }
    let operands = [
      pullback.inputs[0], pullback.inputs[1], pullback.outputs[1], pullback.outputs[2], pullback.cotangent(),
    ]
    return Variable.apply(GroupNormalizationGradient(self), to: operands)
  }
}

extension InvertedDropout: DifferentiablePrimitive {
  /// Applies the same mask to dy.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] { [Variable.applying(self, pullback.cotangent())] }
}

extension MaskedProduct: DifferentiablePrimitive {
  /// The product is linear in each operand, and so are its derivatives, with the same masks.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (a, b, g) = (pullback.inputs[0], pullback.inputs[1], pullback.cotangent())
    func gradient(_ index: Int, _ role: Role, _ x: Variable, _ y: Variable) -> Variable? {
      pullback.needs(index) ? Variable.applying(with(role), x, y) : nil
    }
    return switch role {
    case .product: [gradient(0, .rowGradient, g, b), gradient(1, .weightGradient, a, g)]
    case .rowGradient: [gradient(0, .product, g, b), gradient(1, .weightGradient, g, a)]
    case .weightGradient: [gradient(0, .rowGradient, b, g), gradient(1, .product, a, g)]
    }
  }
}
