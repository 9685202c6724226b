import AviaryKernels
import Testing

/// Runs `body` once for each instruction set that this machine has, with the calling thread's kernels on it.
func forEachInstructionSet(_ body: (String) throws -> Void) rethrows {
  let before = aviary_current_isa()
  defer { _ = aviary_use_isa(before) }
  for isa in [AVIARY_ISA_BASELINE, AVIARY_ISA_AVX2, AVIARY_ISA_AVX512] where aviary_use_isa(isa) {
    try body(String(cString: aviary_instruction_set()))
  }
}

/// Runs `body` with 1, 2 and 3 threads.
func forEachThreadCount(_ body: (Int) throws -> Void) rethrows {
  let before = aviary_threads()
  defer { aviary_set_threads(before) }
  for count in 1...3 {
    aviary_set_threads(count)
    try body(count)
  }
}

/// A number that the vector kernels compute with, and its element type.
protocol VectorScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  static var type: aviary_dtype { get }
}

extension Float: VectorScalar {
  static var type: aviary_dtype { AVIARY_FLOAT32 }
}

extension Double: VectorScalar {
  static var type: aviary_dtype { AVIARY_FLOAT64 }
}

/// The distance of `value` from `exact` in units in the last place of the exact value; 0 where both are NaN or equal.
func ulps<Scalar: BinaryFloatingPoint>(_ value: Scalar, _ exact: Double) -> Double {
  let rounded = Scalar(exact)
  if value == rounded || (value.isNaN && exact.isNaN) { return 0 }
  guard value.isFinite, rounded.isFinite else { return .infinity }
  let unit = Double(max(rounded.magnitude, Scalar.leastNormalMagnitude).ulp)
  return abs(Double(value) - exact) / unit
}

/// Reproducible numbers in -scale..<scale (a linear congruential generator).
func numbers<Scalar: BinaryFloatingPoint>(_ count: Int, seed: UInt64, scale: Double = 1) -> [Scalar] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Scalar((Double(state >> 11) * 0x1p-52 - 1) * scale)
  }
}

/// An array of `count` elements that `body` fills.
func filled<Element>(_ count: Int, with initial: Element, _ body: (UnsafeMutablePointer<Element>) -> Void) -> [Element]
{
  var result = [Element](repeating: initial, count: count)
  result.withUnsafeMutableBufferPointer { buffer in
    if let base = buffer.baseAddress { body(base) }
  }
  return result
}

/// Expects that a kernel succeeded. A separate function, because `#expect` would keep pointers to its arguments beyond
/// their lifetime.
func expectDone(_ done: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(done, "the kernel refused", sourceLocation: sourceLocation)
}

/// Expects that a kernel does not know the type or operation.
func expectRefused(_ done: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(!done, "the kernel did not refuse", sourceLocation: sourceLocation)
}
