import AviaryKernels
import Testing

@Suite struct KernelsIndexingTests {
  @Test func gatherAndScatter() {
    let (outer, length, inner) = (3, 5, 4)
    let x = (0..<Int32(outer * length * inner)).map { $0 }
    let indices: [Int64] = [4, 0, 4, 2]
    var taken = [Int32](repeating: -1, count: outer * indices.count * inner)
    aviary_gather(4, outer, length, inner, x, indices.count, indices, &taken)
    var sums = [Int32](repeating: 1, count: x.count), last = sums
    expectDone(aviary_scatter_add(AVIARY_INT32, outer, length, inner, taken, indices.count, indices, &sums))
    aviary_scatter(4, outer, length, inner, taken.map { $0 * 10 }, indices.count, indices, &last)
    for o in 0..<outer {
      for i in 0..<inner {
        for (j, index) in indices.enumerated() {
          #expect(taken[(o * indices.count + j) * inner + i] == x[(o * length + Int(index)) * inner + i])
        }
        for a in 0..<length {
          let at = (o * length + a) * inner + i, times = Int32(indices.count { Int($0) == a })
          #expect(sums[at] == 1 + times * x[at])
          #expect(last[at] == (times > 0 ? 10 * x[at] : 1))
        }
      }
    }
  }

  @Test func scatterAddFloats() {
    let updates: [Float] = numbers(40_000, seed: 1)
    let indices = (0..<2000).map { Int64($0 * 37 % 50) }
    var out = [Float](repeating: 0, count: 50 * 20), exact = out
    expectDone(aviary_scatter_add(AVIARY_FLOAT32, 1, 50, 20, updates, 2000, indices, &out))
    for j in 0..<2000 { for i in 0..<20 { exact[Int(indices[j]) * 20 + i] += updates[j * 20 + i] } }
    #expect(out == exact)
    expectRefused(aviary_scatter_add(AVIARY_FLOAT16, 1, 50, 20, updates, 0, indices, &out))
  }

  /// Work divided over threads, by columns or by positions of the result, has the bits of the loops that define it.
  @Test(arguments: [
    (outer: 1, length: 50, inner: 130, count: 3000), (outer: 1, length: 700, inner: 3, count: 60_000),
    (outer: 5, length: 30, inner: 70, count: 400), (outer: 900, length: 20, inner: 1, count: 150),
    (outer: 1, length: 1, inner: 1, count: 90_000), (outer: 3, length: 4, inner: 0, count: 7),
  ])
  func longOnes(outer: Int, length: Int, inner: Int, count: Int) {
    let indices = (0..<count).map { Int64($0 * 37 % 101 % length) }
    let updates: [Float] = numbers(outer * count * inner, seed: 2)
    var (sums, taken) = ([Float](repeating: 1, count: outer * length * inner), updates.map { _ in Float(9) })
    var (expectedSums, expectedTaken) = (sums, taken)
    expectDone(aviary_scatter_add(AVIARY_FLOAT32, outer, length, inner, updates, count, indices, &sums))
    let x = sums
    aviary_gather(4, outer, length, inner, x, count, indices, &taken)
    for o in 0..<outer {
      for (j, index) in indices.enumerated() {
        for i in 0..<inner {
          let (place, update) = ((o * length + Int(index)) * inner + i, (o * count + j) * inner + i)
          expectedSums[place] += updates[update]
          expectedTaken[update] = x[place]
        }
      }
    }
    #expect(sums == expectedSums)
    #expect(taken == expectedTaken)
  }

  @Test func oneHot() {
    var floats = [Float](repeating: 9, count: 12)
    aviary_one_hot(AVIARY_FLOAT32, 3, 4, [2, 0, -1], &floats)
    #expect(floats == [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    var flags = [Bool](repeating: true, count: 4)
    aviary_one_hot(AVIARY_BOOL, 2, 2, [1, 5], &flags)
    #expect(flags == [false, true, false, false])
    var halves = [UInt16](repeating: 9, count: 2)
    aviary_one_hot(AVIARY_FLOAT16, 1, 2, [1], &halves)
    #expect(halves == [0, 0x3C00])
  }

  @Test func elementsOfRows() {
    let x: [Double] = [1, 2, 3, 4, 5, 6]
    let indices: [Int64] = [2, 2, 0, 1]
    var taken = [Double](repeating: 0, count: 4)
    aviary_gather_elements(8, 2, 3, x, 2, indices, &taken)
    #expect(taken == [3, 3, 4, 5])
    var out = [Double](repeating: 0, count: 6)
    expectDone(aviary_scatter_elements_add(AVIARY_FLOAT64, 2, 3, taken, 2, indices, &out))
    #expect(out == [0, 0, 6, 4, 5, 0])
    expectRefused(aviary_scatter_elements_add(AVIARY_BOOL, 2, 3, taken, 2, indices, &out))
  }
}
