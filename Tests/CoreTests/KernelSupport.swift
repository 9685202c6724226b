import AviaryKernels

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The instruction sets that this machine has.
let availableInstructionSets: [aviary_isa] = [AVIARY_ISA_BASELINE, AVIARY_ISA_AVX2, AVIARY_ISA_AVX512].filter {
  $0.rawValue <= aviary_best_isa().rawValue
}

/// Runs `body` with the calling thread's kernels on one instruction set.
func withInstructionSet<Result>(_ isa: aviary_isa, _ body: () -> Result) -> Result {
  let before = aviary_current_isa()
  _ = aviary_use_isa(isa)
  defer { _ = aviary_use_isa(before) }
  return body()
}

/// A type that the dense kernels work in, with its entry points.
protocol DenseScalar: BinaryFloatingPoint, Sendable {
  /// The largest error of a sum, relative to the sum of its terms' magnitudes, for each term.
  static var tolerance: Double { get }
  static var gemm:
    (
      Bool, Bool, Int, Int, Int, UnsafePointer<Self>, Int, UnsafePointer<Self>, Int, UnsafeMutablePointer<Self>, Int,
      UnsafePointer<aviary_gemm_options>?
    ) -> Void
  { get }
  static var convolve:
    (
      UnsafePointer<aviary_conv2d>, UnsafePointer<Self>, UnsafePointer<Self>, UnsafePointer<Self>?, aviary_activation,
      Double, UnsafeMutablePointer<Self>
    ) -> Void
  { get }
  static var convolveBackInput:
    (UnsafePointer<aviary_conv2d>, UnsafePointer<Self>, UnsafePointer<Self>, UnsafeMutablePointer<Self>) -> Void
  { get }
  static var convolveBackFilter:
    (UnsafePointer<aviary_conv2d>, UnsafePointer<Self>, UnsafePointer<Self>, UnsafeMutablePointer<Self>) -> Void
  { get }
}

extension Float: DenseScalar {
  static var tolerance: Double { 1e-6 }
  static var gemm:
    (
      Bool, Bool, Int, Int, Int, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>, Int,
      UnsafePointer<aviary_gemm_options>?
    ) -> Void
  { aviary_gemm_f32 }
  static var convolve:
    (
      UnsafePointer<aviary_conv2d>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>?,
      aviary_activation, Double, UnsafeMutablePointer<Float>
    ) -> Void
  { aviary_conv2d_forward_f32 }
  static var convolveBackInput:
    (UnsafePointer<aviary_conv2d>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  { aviary_conv2d_backward_input_f32 }
  static var convolveBackFilter:
    (UnsafePointer<aviary_conv2d>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  { aviary_conv2d_backward_filter_f32 }
}

extension Double: DenseScalar {
  static var tolerance: Double { 3e-15 }
  static var gemm:
    (
      Bool, Bool, Int, Int, Int, UnsafePointer<Double>, Int, UnsafePointer<Double>, Int, UnsafeMutablePointer<Double>,
      Int, UnsafePointer<aviary_gemm_options>?
    ) -> Void
  { aviary_gemm_f64 }
  static var convolve:
    (
      UnsafePointer<aviary_conv2d>, UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Double>?,
      aviary_activation, Double, UnsafeMutablePointer<Double>
    ) -> Void
  { aviary_conv2d_forward_f64 }
  static var convolveBackInput:
    (UnsafePointer<aviary_conv2d>, UnsafePointer<Double>, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  { aviary_conv2d_backward_input_f64 }
  static var convolveBackFilter:
    (UnsafePointer<aviary_conv2d>, UnsafePointer<Double>, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  { aviary_conv2d_backward_filter_f64 }
}

/// Reproducible numbers between −1 and 1 (a linear congruential generator).
func testNumbers<Scalar: DenseScalar>(_ count: Int, seed: UInt64) -> [Scalar] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Scalar(Int32(truncatingIfNeeded: state >> 33)) / Scalar(1 << 30) - 1
  }
}

/// The activation that a kernel fuses, from its definition.
func activated(_ activation: aviary_activation, slope: Double, _ x: Double) -> Double {
  switch activation {
  case AVIARY_RELU: max(x, 0)
  case AVIARY_LEAKY_RELU: x > 0 ? x : slope * x
  case AVIARY_SIGMOID: 1 / (1 + exp(-x))
  case AVIARY_TANH: tanh(x)
  default: x
  }
}
