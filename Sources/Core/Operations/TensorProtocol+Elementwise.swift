extension TensorProtocol {
  /// `−x`
  @inlinable public static prefix func - (x: Self) -> Self { elementwise(Unary(.negate), x) }
  /// `|x|`
  public func abs() -> Self { Self.elementwise(Unary(.abs), self) }
  /// −1, 0 or 1.
  public func sign() -> Self { Self.elementwise(Unary(.sign), self) }
  /// `1 / x`
  public func reciprocal() -> Self { Self.elementwise(Unary(.reciprocal), self) }
  /// `x²`
  public func square() -> Self { Self.elementwise(Unary(.square), self) }
  /// The nearest integer, with halves rounded to even.
  public func round() -> Self { Self.elementwise(Unary(.round), self) }
  /// The greatest integer not above x.
  public func floor() -> Self { Self.elementwise(Unary(.floor), self) }
  /// The smallest integer not below x.
  public func ceil() -> Self { Self.elementwise(Unary(.ceil), self) }
  /// The square root √x; NaN below zero.
  public func sqrt() -> Self { Self.elementwise(Unary(.sqrt), self) }
  /// `1 / √x`
  public func rsqrt() -> Self { Self.elementwise(Unary(.rsqrt), self) }
  /// `eˣ`
  public func exp() -> Self { Self.elementwise(Unary(.exp), self) }
  /// `eˣ − 1`, accurate near zero.
  public func expm1() -> Self { Self.elementwise(Unary(.expm1), self) }
  /// The natural logarithm; −∞ at zero, NaN below.
  public func log() -> Self { Self.elementwise(Unary(.log), self) }
  /// `log(1 + x)`, accurate near zero.
  public func log1p() -> Self { Self.elementwise(Unary(.log1p), self) }
  /// The sine.
  public func sin() -> Self { Self.elementwise(Unary(.sin), self) }
  /// The cosine.
  public func cos() -> Self { Self.elementwise(Unary(.cos), self) }
  /// The hyperbolic tangent.
  public func tanh() -> Self { Self.elementwise(Unary(.tanh), self) }
  /// The logistic function 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Self { Self.elementwise(Unary(.sigmoid), self) }
  /// The error function.
  public func erf() -> Self { Self.elementwise(Unary(.erf), self) }
  /// The normal cumulative distribution Φ(x) = ½(1 + erf(x/√2)), accurate below zero too.
  public func normalCDF() -> Self { Self.elementwise(Unary(.normalCDF), self) }
  /// The normal density φ(x) = exp(−x²/2) / √(2π).
  public func normalDensity() -> Self { Self.elementwise(Unary(.normalDensity), self) }
  /// `max(x, 0)`
  public func relu() -> Self { Self.elementwise(Unary(.relu), self) }
  /// `x` if x > 0, else `slope · x`.
  public func leakyRelu(slope: Double = 0.01) -> Self { Self.elementwise(Unary(.leakyRelu, parameter: slope), self) }
  /// `log(1 + eˣ)`, without overflow.
  public func softplus() -> Self { Self.elementwise(Unary(.softplus), self) }
  /// `log σ(x)`, without underflow.
  public func logSigmoid() -> Self { Self.elementwise(Unary(.logSigmoid), self) }
  /// 1 if x ≥ 0, else 0. Asking for its derivative throws.
  public func step() -> Self { Self.elementwise(Unary(.step), self) }
  /// Whether x is NaN.
  public func isNaN() -> Self { Self.elementwise(Unary(.isNaN), self) }
  /// Whether x is neither infinite nor NaN.
  public func isFinite() -> Self { Self.elementwise(Unary(.isFinite), self) }
  /// Converts to another type: from float to integer truncates and saturates, to `bool` tests for ≠ 0.
  public func cast(to dtype: DType) -> Self { dtype == self.dtype ? self : Self.applying(Cast(to: dtype), self) }

  /// `x + y`
  @inlinable public static func + (x: Self, y: Self) -> Self { elementwise(Binary(.add), x, y) }
  /// `x − y`
  @inlinable public static func - (x: Self, y: Self) -> Self { elementwise(Binary(.subtract), x, y) }
  /// Element-wise `x · y`.
  @inlinable public static func * (x: Self, y: Self) -> Self { elementwise(Binary(.multiply), x, y) }
  /// Element-wise `x / y`.
  @inlinable public static func / (x: Self, y: Self) -> Self { elementwise(Binary(.divide), x, y) }
  /// `x + k`
  @inlinable public static func + (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.add, scalar: k), x) }
  /// `k + x`
  @inlinable public static func + (k: Double, x: Self) -> Self {
    elementwise(BinaryScalar(.add, scalar: k, isScalarLeft: true), x)
  }
  /// `x − k`
  @inlinable public static func - (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.subtract, scalar: k), x) }
  /// `k − x`
  @inlinable public static func - (k: Double, x: Self) -> Self {
    elementwise(BinaryScalar(.subtract, scalar: k, isScalarLeft: true), x)
  }
  /// `x · k`
  @inlinable public static func * (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.multiply, scalar: k), x) }
  /// `k · x`
  @inlinable public static func * (k: Double, x: Self) -> Self {
    elementwise(BinaryScalar(.multiply, scalar: k, isScalarLeft: true), x)
  }
  /// `x / k`
  @inlinable public static func / (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.divide, scalar: k), x) }
  /// `k / x`
  @inlinable public static func / (k: Double, x: Self) -> Self {
    elementwise(BinaryScalar(.divide, scalar: k, isScalarLeft: true), x)
  }
  /// The remainder x − y·⌊x/y⌋, with y's sign.
  public func mod(_ y: Self) -> Self { Self.elementwise(Binary(.mod), self, y) }
  /// ⌊x / y⌋ of integers; 0 where y is 0.
  public func integerDivide(_ y: Self) -> Self { Self.elementwise(Binary(.integerDivide), self, y) }
  /// `xʸ`
  public func pow(_ y: Self) -> Self { Self.elementwise(Binary(.pow), self, y) }
  /// `xᵏ`
  public func pow(_ k: Double) -> Self { Self.elementwise(BinaryScalar(.pow, scalar: k), self) }
  /// The lesser of the two; NaN if either is NaN.
  public func minimum(_ y: Self) -> Self { Self.elementwise(Binary(.minimum), self, y) }
  /// The greater of the two; NaN if either is NaN.
  public func maximum(_ y: Self) -> Self { Self.elementwise(Binary(.maximum), self, y) }
  /// The elements clamped to a range.
  public func clamped(to range: ClosedRange<Double>) -> Self {
    let raised = Self.elementwise(BinaryScalar(.maximum, scalar: range.lowerBound), self)
    return Self.elementwise(BinaryScalar(.minimum, scalar: range.upperBound), raised)
  }
  /// Elements of `x` where the condition is true, of `y` elsewhere.
  public static func `where`(_ condition: Self, _ x: Self, _ y: Self) -> Self { applying(Select(), condition, x, y) }
}

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

extension TensorProtocol {
  /// True where x = y.
  public static func .== (x: Self, y: Self) -> Self { elementwise(Binary(.equal), x, y) }
  /// True where x ≠ y.
  public static func .!= (x: Self, y: Self) -> Self { elementwise(Binary(.notEqual), x, y) }
  /// True where x < y.
  public static func .< (x: Self, y: Self) -> Self { elementwise(Binary(.less), x, y) }
  /// True where x ≤ y.
  public static func .<= (x: Self, y: Self) -> Self { elementwise(Binary(.lessEqual), x, y) }
  /// True where x > y.
  public static func .> (x: Self, y: Self) -> Self { elementwise(Binary(.greater), x, y) }
  /// True where x ≥ y.
  public static func .>= (x: Self, y: Self) -> Self { elementwise(Binary(.greaterEqual), x, y) }
  /// True where x = k.
  public static func .== (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.equal, scalar: k), x) }
  /// True where x ≠ k.
  public static func .!= (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.notEqual, scalar: k), x) }
  /// True where x < k.
  public static func .< (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.less, scalar: k), x) }
  /// True where x ≤ k.
  public static func .<= (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.lessEqual, scalar: k), x) }
  /// True where x > k.
  public static func .> (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.greater, scalar: k), x) }
  /// True where x ≥ k.
  public static func .>= (x: Self, k: Double) -> Self { elementwise(BinaryScalar(.greaterEqual, scalar: k), x) }
  /// True where both are true, for `bool`.
  public func logicalAnd(_ y: Self) -> Self { Self.elementwise(Binary(.logicalAnd), self, y) }
  /// True where either is true, for `bool`.
  public func logicalOr(_ y: Self) -> Self { Self.elementwise(Binary(.logicalOr), self, y) }
  /// True where exactly one is true, for `bool`.
  public func logicalXor(_ y: Self) -> Self { Self.elementwise(Binary(.logicalXor), self, y) }
  /// The negation, for `bool`.
  public func logicalNot() -> Self { Self.elementwise(Unary(.not), self) }
}
