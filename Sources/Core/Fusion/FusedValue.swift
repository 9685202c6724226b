import AviaryKernels

/// An element of an array inside a fused pass: arithmetic on it is recorded, and run for all elements at once by
/// ``Tensor/update(_:reading:_:)``.
public struct FusedValue {
  let index: Int
  let program: FusedProgram

  private func with(_ op: aviary_program_op, _ other: FusedValue? = nil, constant: Double = 0) -> FusedValue {
    program.append(op, [index] + (other.map { [$0.index] } ?? []), constant)
  }

  /// a + b.
  public static func + (a: FusedValue, b: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_ADD, b) }
  /// a − b.
  public static func - (a: FusedValue, b: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_SUBTRACT, b) }
  /// a · b.
  public static func * (a: FusedValue, b: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_MULTIPLY, b) }
  /// a / b.
  public static func / (a: FusedValue, b: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_DIVIDE, b) }
  /// a + k.
  public static func + (a: FusedValue, k: Double) -> FusedValue { a.with(AVIARY_PROGRAM_ADD_CONSTANT, constant: k) }
  /// k + a.
  public static func + (k: Double, a: FusedValue) -> FusedValue { a + k }
  /// a − k.
  public static func - (a: FusedValue, k: Double) -> FusedValue { a + -k }
  /// k − a.
  public static func - (k: Double, a: FusedValue) -> FusedValue {
    a.with(AVIARY_PROGRAM_SUBTRACT_FROM_CONSTANT, constant: k)
  }
  /// a · k.
  public static func * (a: FusedValue, k: Double) -> FusedValue {
    a.with(AVIARY_PROGRAM_MULTIPLY_CONSTANT, constant: k)
  }
  /// k · a.
  public static func * (k: Double, a: FusedValue) -> FusedValue { a * k }
  /// a / k.
  public static func / (a: FusedValue, k: Double) -> FusedValue { a * (1 / k) }
  /// k / a.
  public static func / (k: Double, a: FusedValue) -> FusedValue {
    a.with(AVIARY_PROGRAM_DIVIDE_CONSTANT_BY, constant: k)
  }
  /// −a.
  public static prefix func - (a: FusedValue) -> FusedValue { a.with(AVIARY_PROGRAM_NEGATE) }

  /// a².
  public func square() -> FusedValue { with(AVIARY_PROGRAM_SQUARE) }
  /// √a.
  public func sqrt() -> FusedValue { with(AVIARY_PROGRAM_SQRT) }
  /// |a|.
  public func abs() -> FusedValue { with(AVIARY_PROGRAM_ABS) }
  /// −1, 0 or 1.
  public func sign() -> FusedValue { with(AVIARY_PROGRAM_SIGN) }
  /// eᵃ.
  public func exp() -> FusedValue { with(AVIARY_PROGRAM_EXP) }
  /// The natural logarithm.
  public func log() -> FusedValue { with(AVIARY_PROGRAM_LOG) }
  /// The greater of both.
  public func maximum(_ other: FusedValue) -> FusedValue { with(AVIARY_PROGRAM_MAXIMUM, other) }
  /// The lesser of both.
  public func minimum(_ other: FusedValue) -> FusedValue { with(AVIARY_PROGRAM_MINIMUM, other) }
  /// The value cut to a range.
  public func clamped(to range: ClosedRange<Double>) -> FusedValue {
    with(AVIARY_PROGRAM_MAXIMUM_CONSTANT, constant: range.lowerBound)
      .with(AVIARY_PROGRAM_MINIMUM_CONSTANT, constant: range.upperBound)
  }
  /// 1 where a > b, else 0.
  public func isGreater(than other: FusedValue) -> FusedValue { with(AVIARY_PROGRAM_GREATER, other) }
  /// `yes` where this is not 0, else `no`.
  public func choosing(_ yes: FusedValue, otherwise no: FusedValue) -> FusedValue {
    program.append(AVIARY_PROGRAM_SELECT, [yes.index, no.index, index], 0)
  }
}

extension Tensor {
  /// Computes new elements of several arrays from their old ones in ONE pass over memory, in place: what an optimizer's
  /// update is made of.
  ///
  /// ```swift
  /// // v ← μ·v + g,  p ← p − η·v
  /// Tensor.update(&arrays, reading: [gradient]) { old, read in
  ///   let velocity = momentum * old[1] + read[0]
  ///   return [old[0] - rate * velocity, velocity]
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - arrays: the arrays to change, float32 or float64, all of one dtype and element count.
  ///   - inputs: further arrays that are only read, of the same dtype and count.
  ///   - body: records the new values of `arrays`, in order. It runs once, not once an element.
  ///
  /// Traps on arrays that differ in dtype or count, and on more than 16 values alive at once.
  public static func update(
    _ arrays: inout [Tensor], reading inputs: [Tensor],
    _ body: (_ old: [FusedValue], _ read: [FusedValue]) -> [FusedValue]
  ) {
    guard let first = arrays.first else { return }
    let (dtype, count) = (first.dtype, first.elementCount)
    precondition(
      (arrays + inputs).allSatisfy { $0.dtype == dtype && $0.elementCount == count },
      "the arrays of a fused update agree in dtype and element count")
    let program = FusedProgram()
    let old = arrays.indices.map { program.load($0) }
    let read = inputs.indices.map { program.load(arrays.count + $0) }
    let results = body(old, read)
    precondition(results.count == arrays.count, "a fused update gives one value for each of its arrays")
    let code = program.compiled(storing: results.map(\.index))
    let sources = inputs.map { $0.contiguous() }
    for index in arrays.indices { arrays[index].makeUnique() }
    let outputs = arrays.map { $0.box.pointer }
    let loads = (outputs + sources.map { $0.box.pointer }).map { UnsafeRawPointer($0) }
    withExtendedLifetime(sources) {
      _ = aviary_run_program(dtype.code, count, code, code.count, loads, outputs)
    }
  }
}
