extension TensorProtocol {
  /// The exponential linear unit: x above zero, α(eˣ − 1) below. Its derivative at 0 is taken as α. α is 1 unless given.
  public func elu(alpha: Double = 1) -> Self {
    let isAbove = self .> 0
    // What lies above is taken out of the exponential, which would overflow and spoil the derivative.
    let below = Self.where(isAbove, constant(0), self)
    return Self.where(isAbove, self, below.expm1() * alpha)
  }

  /// The Gaussian error linear unit x·Φ(x) = ½x(1 + erf(x/√2)), Φ the normal distribution's function: exactly, not the
  /// approximation by tanh.
  public func gelu() -> Self { self * ((self * 0.7071067811865476).erf() * 0.5 + 0.5) }

  /// The sigmoid linear unit x·σ(x) = x / (1 + e⁻ˣ), also called swish.
  public func silu() -> Self { self * sigmoid() }
}
