extension TensorProtocol {
  /// The exponential linear unit: x if x > 0, else α(eˣ − 1). Its derivative at 0 is defined as α.
  public func elu(alpha: Double = 1) -> Self {
    let isAbove = self .> 0
    // Masks positive values, whose exponential would overflow and spoil the derivative.
    let below = Self.where(isAbove, constant(0), self)
    return Self.where(isAbove, self, below.expm1() * alpha)
  }

  /// The Gaussian error linear unit x·Φ(x) = ½x(1 + erf(x/√2)), Φ the normal cumulative distribution; exact, not the
  /// tanh approximation.
  public func gelu() -> Self { self * normalCDF() }

  /// The sigmoid linear unit x·σ(x) = x / (1 + e⁻ˣ), also called swish.
  public func silu() -> Self { self * sigmoid() }

  /// Mish, x·tanh(log(1 + eˣ)).
  public func mish() -> Self { self * softplus().tanh() }

  /// A piecewise linear sigmoid, min(max(x/6 + ½, 0), 1). Its derivative at ±3 is defined as 0.
  public func hardSigmoid() -> Self {
    Self.where(self .<= -3, constant(0), Self.where(self .>= 3, constant(1), self / 6 + 0.5))
  }

  /// A piecewise linear hyperbolic tangent, min(max(x, −1), 1). Its derivative at ±1 is defined as 0.
  public func hardTanh() -> Self {
    Self.where(self .<= -1, constant(-1), Self.where(self .>= 1, constant(1), self))
  }

  /// Softsign, x / (1 + |x|).
  public func softsign() -> Self { self / (abs() + 1) }

  /// The nearest point of the simplex, max(x − τ, 0), where τ makes the sum along an axis (by default the last) 1.
  public func sparsemax(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Self {
    let axis = self.axis(axis, "sparsemax", file, line)
    // Shifts by the maximum, which changes only τ; far from zero the sums below would lose the 1.
    let rows = exchangedWithLast(axis)
    let shifted = rows - rows.max(axes: [-1], keepingDimensions: true)
    let sorted = shifted.topK(shifted.shape[-1]).values
    let places = constant(1).broadcast(to: sorted.shape).cumulativeSum()
    let isPositive = sorted * places + 1 .> sorted.cumulativeSum()
    let count = isPositive.cast(to: dtype).sum(axes: [-1], keepingDimensions: true)
    let sum = Self.where(isPositive, sorted, constant(0)).sum(axes: [-1], keepingDimensions: true)
    return (shifted - (sum - 1) / count).relu().exchangedWithLast(axis)
  }
}
