extension TensorProtocol {
  /// −x.
  public static prefix func - (x: Self) -> Self { applying(Unary(.negate), x) }
  /// |x|.
  public func abs() -> Self { Self.applying(Unary(.abs), self) }
  /// −1, 0 or 1.
  public func sign() -> Self { Self.applying(Unary(.sign), self) }
  /// 1 / x.
  public func reciprocal() -> Self { Self.applying(Unary(.reciprocal), self) }
  /// x².
  public func square() -> Self { Self.applying(Unary(.square), self) }
  /// The nearest whole number, halves to the even one.
  public func round() -> Self { Self.applying(Unary(.round), self) }
  /// The greatest whole number not above x.
  public func floor() -> Self { Self.applying(Unary(.floor), self) }
  /// The least whole number not below x.
  public func ceil() -> Self { Self.applying(Unary(.ceil), self) }
  /// √x; NaN below zero.
  public func sqrt() -> Self { Self.applying(Unary(.sqrt), self) }
  /// 1 / √x.
  public func rsqrt() -> Self { Self.applying(Unary(.rsqrt), self) }
  /// eˣ.
  public func exp() -> Self { Self.applying(Unary(.exp), self) }
  /// eˣ − 1, exact near zero.
  public func expm1() -> Self { Self.applying(Unary(.expm1), self) }
  /// The natural logarithm; −∞ at zero, NaN below.
  public func log() -> Self { Self.applying(Unary(.log), self) }
  /// log(1 + x), exact near zero.
  public func log1p() -> Self { Self.applying(Unary(.log1p), self) }
  /// The sine.
  public func sin() -> Self { Self.applying(Unary(.sin), self) }
  /// The cosine.
  public func cos() -> Self { Self.applying(Unary(.cos), self) }
  /// The hyperbolic tangent.
  public func tanh() -> Self { Self.applying(Unary(.tanh), self) }
  /// The logistic function 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Self { Self.applying(Unary(.sigmoid), self) }
  /// The error function.
  public func erf() -> Self { Self.applying(Unary(.erf), self) }
  /// max(x, 0).
  public func relu() -> Self { Self.applying(Unary(.relu), self) }
  /// x above zero, slope · x below.
  public func leakyRelu(slope: Double = 0.01) -> Self { Self.applying(Unary(.leakyRelu, parameter: slope), self) }
  /// log(1 + eˣ), without overflow.
  public func softplus() -> Self { Self.applying(Unary(.softplus), self) }
  /// log σ(x), without underflow.
  public func logSigmoid() -> Self { Self.applying(Unary(.logSigmoid), self) }
  /// 1 where x ≥ 0, else 0. Its derivative is declared zero nowhere: asking for one throws.
  public func step() -> Self { Self.applying(Unary(.step), self) }
  /// True where x is not a number.
  public func isNaN() -> Self { Self.applying(Unary(.isNaN), self) }
  /// True where x is neither infinite nor NaN.
  public func isFinite() -> Self { Self.applying(Unary(.isFinite), self) }
  /// The same numbers in another type: truncated and saturated from float to integer, ≠ 0 to `bool`.
  public func cast(to dtype: DType) -> Self { dtype == self.dtype ? self : Self.applying(Cast(to: dtype), self) }

  /// x + y.
  public static func + (x: Self, y: Self) -> Self { applying(Binary(.add), x, y) }
  /// x − y.
  public static func - (x: Self, y: Self) -> Self { applying(Binary(.subtract), x, y) }
  /// x · y, element by element.
  public static func * (x: Self, y: Self) -> Self { applying(Binary(.multiply), x, y) }
  /// x / y, element by element.
  public static func / (x: Self, y: Self) -> Self { applying(Binary(.divide), x, y) }
  /// x + k.
  public static func + (x: Self, k: Double) -> Self { x + x.constant(k) }
  /// k + x.
  public static func + (k: Double, x: Self) -> Self { x.constant(k) + x }
  /// x − k.
  public static func - (x: Self, k: Double) -> Self { x - x.constant(k) }
  /// k − x.
  public static func - (k: Double, x: Self) -> Self { x.constant(k) - x }
  /// x · k.
  public static func * (x: Self, k: Double) -> Self { x * x.constant(k) }
  /// k · x.
  public static func * (k: Double, x: Self) -> Self { x.constant(k) * x }
  /// x / k.
  public static func / (x: Self, k: Double) -> Self { x / x.constant(k) }
  /// k / x.
  public static func / (k: Double, x: Self) -> Self { x.constant(k) / x }
  /// The remainder x − y·⌊x/y⌋, with y's sign.
  public func mod(_ y: Self) -> Self { Self.applying(Binary(.mod), self, y) }
  /// ⌊x / y⌋ of integers; 0 where y is 0.
  public func integerDivide(_ y: Self) -> Self { Self.applying(Binary(.integerDivide), self, y) }
  /// xʸ.
  public func pow(_ y: Self) -> Self { Self.applying(Binary(.pow), self, y) }
  /// xᵏ.
  public func pow(_ k: Double) -> Self { pow(constant(k)) }
  /// The lesser of both; NaN where either is.
  public func minimum(_ y: Self) -> Self { Self.applying(Binary(.minimum), self, y) }
  /// The greater of both; NaN where either is.
  public func maximum(_ y: Self) -> Self { Self.applying(Binary(.maximum), self, y) }
  /// The elements cut to a range.
  public func clamped(to range: ClosedRange<Double>) -> Self {
    maximum(constant(range.lowerBound)).minimum(constant(range.upperBound))
  }
  /// Elements of `x` where the condition holds, of `y` elsewhere.
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
  public static func .== (x: Self, y: Self) -> Self { applying(Binary(.equal), x, y) }
  /// True where x ≠ y.
  public static func .!= (x: Self, y: Self) -> Self { applying(Binary(.notEqual), x, y) }
  /// True where x < y.
  public static func .< (x: Self, y: Self) -> Self { applying(Binary(.less), x, y) }
  /// True where x ≤ y.
  public static func .<= (x: Self, y: Self) -> Self { applying(Binary(.lessEqual), x, y) }
  /// True where x > y.
  public static func .> (x: Self, y: Self) -> Self { applying(Binary(.greater), x, y) }
  /// True where x ≥ y.
  public static func .>= (x: Self, y: Self) -> Self { applying(Binary(.greaterEqual), x, y) }
  /// True where x = k.
  public static func .== (x: Self, k: Double) -> Self { x .== x.constant(k) }
  /// True where x < k.
  public static func .< (x: Self, k: Double) -> Self { x .< x.constant(k) }
  /// True where x ≤ k.
  public static func .<= (x: Self, k: Double) -> Self { x .<= x.constant(k) }
  /// True where x > k.
  public static func .> (x: Self, k: Double) -> Self { x .> x.constant(k) }
  /// True where x ≥ k.
  public static func .>= (x: Self, k: Double) -> Self { x .>= x.constant(k) }
  /// True where both hold, of `bool`.
  public func logicalAnd(_ y: Self) -> Self { Self.applying(Binary(.logicalAnd), self, y) }
  /// True where either holds, of `bool`.
  public func logicalOr(_ y: Self) -> Self { Self.applying(Binary(.logicalOr), self, y) }
  /// True where exactly one holds, of `bool`.
  public func logicalXor(_ y: Self) -> Self { Self.applying(Binary(.logicalXor), self, y) }
  /// True where this does not hold, of `bool`.
  public func logicalNot() -> Self { Self.applying(Unary(.not), self) }
}
