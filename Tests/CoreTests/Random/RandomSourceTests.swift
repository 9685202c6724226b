import AviaryCore
import AviaryKernels
import AviaryTestSupport
import Testing

@Suite("Random numbers")
struct RandomSourceTests {
  private let random = RandomSource(seed: 1)

  @Test("are a function of seed, purposes, step and place alone")
  func purity() {
    let drawn = random["weights"].normal([100])
    #expect(drawn == RandomSource(seed: 1)["weights"].normal([100]))
    #expect(drawn[0..<10] == random["weights"].normal([10]))
    let others = [
      RandomSource(seed: 2)["weights"], random["weight"], random, random["weights"][0], random["weights"].at(step: 1),
      random[0]["weights"], random["weights"]["weights"],
    ]
    for other in others { #expect(!sameBits(other.normal([100]), drawn)) }
    #expect(random[0] != random[1])
    #expect(random["a"].at(step: 3)["b"] == random["a"]["b"].at(step: 3))
  }

  @Test("do not depend on the number of threads")
  func threads() {
    let before = aviary_threads()
    defer { aviary_set_threads(before) }
    func draw() -> [Tensor] {
      [
        random.uniform([200_000]), random.normal([200_000], dtype: .float64), random.truncatedNormal([200_000]),
        random.bernoulli([200_000], probability: 0.3), random.integers([200_000], in: -5..<17),
        random.permutation(50_000),
      ]
    }
    aviary_set_threads(1)
    let expected = draw()
    for count in [2, 3] {
      aviary_set_threads(count)
      for (found, wanted) in zip(draw(), expected) { #expect(sameBits(found, wanted)) }
    }
  }

  @Test("the first numbers never change")
  func pinned() {
    let pinned = random["pin"]
    let uniform = Tensor([0.3516519754618702, 0.9823998914718018, 0.10770966554252626])
    #expect(pinned.uniform([3], dtype: .float64) == uniform)
    #expect(pinned.uniform([3]).scalars(as: Float.self) == [0.18252736, 0.35165197, 0.46533847])
    let normal = Tensor([-0.3808642906452532, 2.106047608797407, -1.2388006555164977])
    #expect(mismatch(pinned.normal([3], dtype: .float64), normal, tolerance: 1e-15) == nil)
    #expect(pinned.at(step: 5).integers([4], in: 0..<1000).scalars(as: Int.self) == [724, 222, 371, 574])
    #expect(pinned.permutation(6).scalars(as: Int.self) == [5, 3, 1, 0, 4, 2])
  }

  @Test("have the moments and the range of their distribution", arguments: [DType.float32, .float64])
  func moments(_ dtype: DType) {
    let n = 100_000
    func check(_ tensor: Tensor, mean: Double, deviation: Double, _ name: String) {
      let x = tensor.cast(to: .float64)
      // Four standard errors; the draws are fixed, so the test is deterministic.
      #expect(abs(x.mean().item() - mean) < 4 * deviation / Double(n).squareRoot(), "mean of \(name)")
      #expect(abs(x.variance().item().squareRoot() / deviation - 1) < 0.02, "deviation of \(name)")
    }
    let uniform = random.uniform([n], in: -1..<3, dtype: dtype)
    check(uniform, mean: 1, deviation: 4 / 12.0.squareRoot(), "uniform")
    #expect(uniform.min().item() >= -1 && uniform.max().item() < 3)
    check(random.normal([n], mean: 2, standardDeviation: 0.5, dtype: dtype), mean: 2, deviation: 0.5, "normal")
    let truncated = random.truncatedNormal([n], mean: 1, standardDeviation: 2, dtype: dtype)
    check(truncated, mean: 1, deviation: 2 * 0.8796256, "truncated normal")
    #expect((truncated - 1).abs().max().item() <= 4)
    let kept = random.sample(probabilities: Tensor(repeating: 0.2, shape: [n], dtype: dtype))
    check(kept, mean: 0.2, deviation: 0.4, "samples")
    #expect(kept.dtype == dtype)
  }

  @Test("integers and truth values")
  func discrete() {
    let integers = random.integers([20_000], in: -2..<3)
    for value in -2..<3 {
      let share = (integers .== Double(value)).cast(to: .float64).mean().item()
      #expect(abs(share - 0.2) < 0.012)
    }
    #expect(integers.min().item() == -2 && integers.max().item() == 2)
    #expect(random.bernoulli([1000], probability: 1).all().item() == 1)
    #expect(random.bernoulli([1000], probability: 0).any().item() == 0)
    let share = random.bernoulli([20_000], probability: 0.25).cast(to: .float64).mean().item()
    #expect(abs(share - 0.25) < 0.013)
    #expect(random.permutation(1000).scalars(as: Int.self).sorted() == Array(0..<1000))
    #expect(random.permutation(0).elementCount == 0)
  }
}
