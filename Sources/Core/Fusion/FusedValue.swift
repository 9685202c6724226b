import AviaryKernels

/// An element of an array inside a fused pass. Arithmetic on it is recorded and run for all elements at once by
/// ``Tensor/update(_:reading:_:)-(Tensor,_,_)``. Do not keep it beyond the closure.
public struct FusedValue {
  let index: Int32
  let program: FusedProgram

  private func with(_ op: aviary_program_op, constant: Double = 0) -> FusedValue {
    program.append(op, self, constant: constant)
  }

  private func with(_ op: aviary_program_op, _ other: FusedValue) -> FusedValue { program.append(op, self, other) }

  /// `a + b`
  public static func + (a: FusedValue, b: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_ADD, b) }
  /// `a − b`
  public static func - (a: FusedValue, b: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_SUBTRACT, b) }
  /// `a · b`
  public static func * (a: FusedValue, b: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_MULTIPLY, b) }
  /// `a / b`
  public static func / (a: FusedValue, b: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_DIVIDE, b) }
  /// `a + k`
  public static func + (a: FusedValue, k: Double) -> FusedValue { a.with(AVIARY_PROGRAM_ADD_CONSTANT, constant: k) }
  /// `k + a`
  public static func + (k: Double, a: FusedValue) -> FusedValue { a + k }
  /// `a − k`
  public static func - (a: FusedValue, k: Double) -> FusedValue { a + -k }
  /// `k − a`
  public static func - (k: Double, a: FusedValue) -> FusedValue {
    a.with(AVIARY_PROGRAM_SUBTRACT_FROM_CONSTANT, constant: k)
  }
  /// `a · k`
  public static func * (a: FusedValue, k: Double) -> FusedValue {
    a.with(AVIARY_PROGRAM_MULTIPLY_CONSTANT, constant: k)
  }
  /// `k · a`
  public static func * (k: Double, a: FusedValue) -> FusedValue { a * k }
  /// `a / k`
  public static func / (a: FusedValue, k: Double) -> FusedValue { a * (1 / k) }
  /// `k / a`
  public static func / (k: Double, a: FusedValue) -> FusedValue {
    a.with(AVIARY_PROGRAM_DIVIDE_CONSTANT_BY, constant: k)
  }
  /// `−a`
  public static prefix func - (a: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_NEGATE) }

  /// `a ← a + b`
  public static func += (a: inout FusedValue, b: FusedValue) { a = a + b }
  /// `a ← a − b`
  public static func -= (a: inout FusedValue, b: FusedValue) { a = a - b }

  /// `a²`
  public func square() -> FusedValue { with(AVIARY_PROGRAM_SQUARE) }
  /// `√a`
  public func sqrt() -> FusedValue { with(AVIARY_PROGRAM_SQRT) }
  /// `|a|`
  public func abs() -> FusedValue { with(AVIARY_PROGRAM_ABS) }
  /// −1, 0 or 1.
  public func sign() -> FusedValue { with(AVIARY_PROGRAM_SIGN) }
  /// `eᵃ`
  public func exp() -> FusedValue { with(AVIARY_PROGRAM_EXP) }
  /// The natural logarithm.
  public func log() -> FusedValue { with(AVIARY_PROGRAM_LOG) }
  /// The greater of the two.
  public func maximum(_ other: FusedValue) -> FusedValue { with(AVIARY_PROGRAM_MAXIMUM, other) }
  /// The greater of the value and a number.
  public func maximum(_ k: Double) -> FusedValue { with(AVIARY_PROGRAM_MAXIMUM_CONSTANT, constant: k) }
  /// The lesser of the two.
  public func minimum(_ other: FusedValue) -> FusedValue { with(AVIARY_PROGRAM_MINIMUM, other) }
  /// The lesser of the value and a number.
  public func minimum(_ k: Double) -> FusedValue { with(AVIARY_PROGRAM_MINIMUM_CONSTANT, constant: k) }
  /// The value clamped to a range.
  public func clamped(to range: ClosedRange<Double>) -> FusedValue {
    maximum(range.lowerBound).minimum(range.upperBound)
  }
  /// 1 if a > b, else 0.
  public func isGreater(than other: FusedValue) -> FusedValue { with(AVIARY_PROGRAM_GREATER, other) }
  /// 1 if a > k, else 0.
  public func isGreater(than k: Double) -> FusedValue { with(AVIARY_PROGRAM_GREATER_CONSTANT, constant: k) }
  /// `yes` if this is not 0, else `no`.
  public func choosing(_ yes: FusedValue, otherwise no: FusedValue) -> FusedValue {
    program.append(AVIARY_PROGRAM_SELECT, yes, no, self)
  }
  /// `yes` if this is not 0, else the number `no`.
  public func choosing(_ yes: FusedValue, otherwise no: Double) -> FusedValue {
    choosing(yes, otherwise: program.constant(no))
  }
  /// The number `yes` if this is not 0, else `no`.
  public func choosing(_ yes: Double, otherwise no: FusedValue) -> FusedValue {
    choosing(program.constant(yes), otherwise: no)
  }
  /// The number `yes` if this is not 0, else the number `no`.
  public func choosing(_ yes: Double, otherwise no: Double) -> FusedValue {
    choosing(program.constant(yes), otherwise: program.constant(no))
  }
}
