import AviaryCore

extension Unary: DifferentiablePrimitive {
  /// `dx = f′(x)·dy`.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] { [try derivative(pullback)] }

  /// dx, written with x or y, whichever is cheaper without losing digits.
  func derivative(_ pullback: Pullback) throws -> Variable {
    let (x, y, dy) = (pullback.inputs[0], pullback.outputs[0], pullback.cotangent())
    switch function {
    case .negate: return -dy
    case .abs: return dy * Variable(x.value.sign())
    case .reciprocal: return -(dy * y * y)
    case .square: return dy * x * 2
    case .sqrt: return dy / y * 0.5
    case .rsqrt: return dy * y * y * y * -0.5
    case .exp: return dy * y
    // Uses x, which keeps its digits where y is rounded to a constant.
    case .expm1: return dy * x.exp()
    case .log: return dy / x
    case .log1p: return dy / (x + 1)
    case .sin: return dy * x.cos()
    case .cos: return -(dy * x.sin())
    case .erf: return dy * (-x.square()).exp() * 1.1283791670955126  // 2 / √π
    case .normalCDF: return dy * x.normalDensity()
    case .normalDensity: return -(dy * x * y)
    case .softplus: return dy * x.sigmoid()
    case .logSigmoid: return dy * (-x).sigmoid()
    case .tanh: return dy * ((x * 2).sigmoid() * (x * -2).sigmoid() * 4)  // 1 − tanh² x
    case .sigmoid: return dy * (y * (-x).sigmoid())
    case .relu: return Variable.applying(ActivationGradient(.relu), y, dy)
    case .leakyRelu:
      // Uses x, because a negative slope flips the sign of y.
      return Variable.where(Variable(x.value .> 0), dy, dy * parameter)
    case .sign, .round, .floor, .ceil, .step: throw DifferentiationError.piecewiseConstant(primitive: name)
    case .not, .isNaN, .isFinite: throw DifferentiationError.noDerivative(primitive: name)
    }
  }
}

extension Binary: DifferentiablePrimitive {
  /// The partial derivatives times dy, summed over broadcast axes.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (left, right) = try derivatives(pullback)
    return [left, right]
  }

  /// The partial derivatives as a pair, which saves an array.
  func derivatives(_ pullback: Pullback) throws -> (Variable?, Variable?) {
    let (a, b, dy) = (pullback.inputs[0], pullback.inputs[1], pullback.cotangent())
    let (left, right) = try partials(a, b, pullback.outputs[0], dy, pullback)
    return (left?.summed(to: a.shape), right?.summed(to: b.shape))
  }

  private func partials(
    _ a: Variable, _ b: Variable, _ y: Variable, _ dy: Variable, _ pullback: Pullback
  ) throws -> (Variable?, Variable?) {
    let (first, second) = (pullback.needs(0), pullback.needs(1))
    switch function {
    case .add: return (dy, dy)
    case .subtract: return (dy, second ? -dy : nil)
    case .multiply: return (first ? dy * b : nil, second ? dy * a : nil)
    case .divide: return (first ? dy / b : nil, second ? -(dy * y / b) : nil)
    case .mod: return (dy, second ? -(dy * Variable((a.value / b.value).floor())) : nil)
    case .pow:
      // d/da aᵇ = b·aᵇ⁻¹, which is 0 for b = 0, even if a = 0.
      let exponent = first ? Variable.where(Variable(b.value .== 0), b.constant(1), b) : b
      // d/db aᵇ = aᵇ·log a; if a = 0, the power is 0 around every b > 0.
      let base = second ? Variable.where(Variable(a.value .== 0), a.constant(1), a) : a
      return (first ? dy * b * a.pow(exponent - 1) : nil, second ? dy * y * base.log() : nil)
    case .minimum: return shared(dy, a.value .< b.value, a.value .== b.value)
    case .maximum: return shared(dy, a.value .> b.value, a.value .== b.value)
    default: throw DifferentiationError.noDerivative(primitive: name)
    }
  }

  /// Gives dy to the selected operand, or half to each if they are equal.
  private func shared(_ dy: Variable, _ isFirst: Tensor, _ isEqual: Tensor) -> (Variable, Variable) {
    let weight = Binary.share(isFirst, isEqual, dy.dtype)
    return (dy * Variable(weight), dy * Variable(1 - weight))
  }

  /// 1 where an operand was selected, ½ where both are equal.
  static func share(_ isChosen: Tensor, _ isEqual: Tensor, _ dtype: DType) -> Tensor {
    isChosen.cast(to: dtype) + isEqual.cast(to: dtype) * 0.5
  }
}

extension BinaryScalar: DifferentiablePrimitive {
  /// The derivative with respect to the operand, times dy.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] { [try derivative(pullback)] }

  /// The derivative itself, which saves an array.
  func derivative(_ pullback: Pullback) throws -> Variable {
    let (dy, k) = (pullback.cotangent(), scalar)
    var x: Variable { pullback.inputs[0] }
    switch function {
    case .add: return dy
    case .subtract: return isScalarLeft ? -dy : dy
    case .multiply: return dy * k
    case .divide: return isScalarLeft ? -(dy * pullback.outputs[0] / x) : dy / k
    case .mod: return isScalarLeft ? -(dy * Variable((k / x.value).floor())) : dy
    case .pow where isScalarLeft: return dy * pullback.outputs[0] * Variable(x.value.constant(k).log())
    case .pow: return power(x, dy)
    case .minimum: return dy * Variable(Binary.share(x.value .< k, x.value .== k, dy.dtype))
    case .maximum: return dy * Variable(Binary.share(x.value .> k, x.value .== k, dy.dtype))
    default: throw DifferentiationError.noDerivative(primitive: name)
    }
  }

  /// `k·xᵏ⁻¹·dy`, without 0 · ∞ at x = 0 for k = 0.
  private func power(_ x: Variable, _ dy: Variable) -> Variable {
    switch scalar {
    case 0: Variable(Tensor.zeros(x.shape, dtype: x.dtype))
    case 1: dy
    case 2: dy * x * 2
    default: dy * x.pow(scalar - 1) * scalar
    }
  }
}

extension Select: DifferentiablePrimitive {
  /// Gives dy to the selected operand.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (condition, dy) = (pullback.inputs[0], pullback.cotangent())
    let zero = Variable(Tensor.zeros([], dtype: dy.dtype))
    return [
      nil,
      pullback.needs(1) ? Variable.where(condition, dy, zero).summed(to: pullback.inputs[1].shape) : nil,
      pullback.needs(2) ? Variable.where(condition, zero, dy).summed(to: pullback.inputs[2].shape) : nil,
    ]
  }
}

extension Cast: DifferentiablePrimitive {
  /// Casts dy to the input's type.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [pullback.cotangent().cast(to: pullback.inputs[0].dtype)]
  }
}

extension ActivationGradient: DifferentiablePrimitive {
  public func pullback(_ pullback: Pullback) throws -> [Variable?] { try pullback.throughComposition() }
}

extension Variable {
  /// Sums over the axes along which a value of the given shape was repeated: the adjoint of broadcasting.
  package func summed(to target: Shape) -> Variable {
    if shape == target { return self }
    let lead = rank - target.rank
    let axes = (0..<rank).filter { $0 < lead || (target[$0 - lead] == 1 && shape[$0] != 1) }
    return sum(axes: axes, keepingDimensions: true).reshaped(to: target)
  }
}
