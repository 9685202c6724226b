import AviaryKernels

/// A source of random numbers: a value, never a global.
///
/// Element i of a draw is a pure function of the seed, the path of purposes, the step and i (Philox 4×32-10; Salmon et
/// al., 2011), whatever the number of threads or the vector width. The same source always draws the same numbers; for
/// other numbers, use another source:
///
/// ```swift
/// let random = RandomSource(seed: 1)
/// let weights = random["weights"].normal([784, 10], standardDeviation: 0.1)
/// let mask = random["dropout"].at(step: 17).bernoulli([32, 10], probability: 0.5)
/// ```
public struct RandomSource: Sendable, Hashable {
  /// The generator's key: a mix of the seed and the purposes.
  package let key: UInt64
  /// The step.
  package let stream: UInt64

  public init(seed: UInt64) {
    key = RandomSource.mix(seed)
    stream = 0
  }

  private init(key: UInt64, stream: UInt64) {
    self.key = key
    self.stream = stream
  }

  /// An independent source for a purpose, such as a layer's name, `"shuffle"` or `"weights"`.
  public subscript(purpose: String) -> RandomSource {
    // FNV-1a over the name's bytes, mixed into the key; distinct names give distinct streams, except for 64-bit
    // collisions.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return RandomSource(key: RandomSource.mix(key ^ RandomSource.mix(hash)), stream: stream)
  }

  /// An independent source for the i-th of several similar purposes.
  public subscript(index: Int) -> RandomSource {
    RandomSource(
      key: RandomSource.mix(key &+ 0x9e37_79b9_7f4a_7c15 &* UInt64(bitPattern: Int64(index) &+ 1)), stream: stream)
  }

  /// The same purposes at a training step.
  public func at(step: Int) -> RandomSource { RandomSource(key: key, stream: UInt64(bitPattern: Int64(step))) }

  /// SplitMix64's finalizer, a bijection of the 64-bit numbers (Steele, Lea and Flood, 2014).
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

extension RandomSource {
  /// Uniform numbers in a half-open range, by default [0, 1): float32 or float64.
  public func uniform(_ shape: Shape, in range: Range<Double> = 0..<1, dtype: DType = .float32) -> Tensor {
    let result = drawn(shape, dtype)
    let width = range.upperBound - range.lowerBound
    if dtype == .float32 {
      aviary_random_uniform_f32(
        key, stream, 0, result.elementCount, Float(range.lowerBound), Float(width), result.floats)
    } else {
      aviary_random_uniform_f64(key, stream, 0, result.elementCount, range.lowerBound, width, result.doubles)
    }
    return result
  }

  /// Normal numbers: float32 or float64.
  public func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32
  ) -> Tensor {
    let result = drawn(shape, dtype)
    if dtype == .float32 {
      aviary_random_normal_f32(
        key, stream, 0, result.elementCount, Float(mean), Float(standardDeviation), result.floats)
    } else {
      aviary_random_normal_f64(key, stream, 0, result.elementCount, mean, standardDeviation, result.doubles)
    }
    return result
  }

  /// Normal numbers truncated at two standard deviations from the mean: float32 or float64. `standardDeviation` is that
  /// before truncation; the result's is 0.88 times that.
  public func truncatedNormal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32
  ) -> Tensor {
    let result = drawn(shape, dtype)
    if dtype == .float32 {
      aviary_random_truncated_normal_f32(
        key, stream, 0, result.elementCount, Float(mean), Float(standardDeviation), result.floats)
    } else {
      aviary_random_truncated_normal_f64(
        key, stream, 0, result.elementCount, mean, standardDeviation, result.doubles)
    }
    return result
  }

  /// `bool` values that are true with the given probability.
  public func bernoulli(_ shape: Shape, probability: Double, file: StaticString = #fileID, line: UInt = #line) -> Tensor
  {
    require(probability >= 0 && probability <= 1, "the probability must be in 0...1, but is \(probability)", file, line)
    let result = Tensor(uninitialized: shape, .bool)
    aviary_random_bernoulli(
      key, stream, 0, result.elementCount, probability, result.pointer.assumingMemoryBound(to: Bool.self))
    return result
  }

  /// 1 with the probability given by each element of `probabilities`, else 0; of its type.
  public func sample(probabilities: Tensor) -> Tensor {
    let p = probabilities.contiguous()
    let result = drawn(p.shape, p.dtype)
    if p.dtype == .float32 {
      aviary_random_sample_f32(key, stream, 0, p.elementCount, p.floats, result.floats)
    } else {
      aviary_random_sample_f64(key, stream, 0, p.elementCount, p.doubles, result.doubles)
    }
    return result
  }

  /// Uniform integers in a range, int64.
  public func integers(_ shape: Shape, in range: Range<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor
  {
    require(!range.isEmpty, "cannot draw integers from an empty range", file, line)
    let result = Tensor(uninitialized: shape, .int64)
    aviary_random_integers(
      key, stream, 0, result.elementCount, Int64(range.lowerBound),
      UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound)), result.integers)
    return result
  }

  /// The numbers 0..<count in uniformly random order, int64.
  public func permutation(_ count: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(count >= 0, "cannot permute \(count) numbers", file, line)
    let result = Tensor(uninitialized: [count], .int64)
    aviary_random_permutation(key, stream, count, result.integers)
    return result
  }

  private func drawn(_ shape: Shape, _ dtype: DType) -> Tensor {
    require(dtype.isDifferentiable, "cannot draw \(dtype.name) numbers; draw float32 or float64 and cast")
    return Tensor(uninitialized: shape, dtype)
  }
}
