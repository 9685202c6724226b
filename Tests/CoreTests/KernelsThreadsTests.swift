import AviaryKernels
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Serialized, because the number of threads belongs to the whole process.
@Suite(.serialized) struct KernelsThreadsTests {
  private func onEachNumberOfThreads<Result: Equatable>(_ body: () -> Result) -> [Result] {
    let before = aviary_threads()
    defer { aviary_set_threads(before) }
    return [1, 2, 3, 7].map {
      aviary_set_threads($0)
      return body()
    }
  }

  @Test func everyTaskRunsOnce() {
    let counts = onEachNumberOfThreads {
      var marks = [Int32](repeating: 0, count: 10_000)
      for _ in 0..<20 {
        marks.withUnsafeMutableBufferPointer { buffer in
          aviary_parallel(
            10_000,
            { context, task in context!.assumingMemoryBound(to: Int32.self)[task] += 1 },
            buffer.baseAddress!)
        }
      }
      return marks
    }
    for marks in counts { #expect(marks == [Int32](repeating: 20, count: 10_000)) }
  }

  @Test func nestedCallsRunInTheirThread() {
    var sums = [Int](repeating: 0, count: 64)
    sums.withUnsafeMutableBufferPointer { buffer in
      aviary_parallel(
        64,
        { context, task in
          let place = context!.assumingMemoryBound(to: Int.self) + task
          aviary_parallel(100, { place, task in place!.assumingMemoryBound(to: Int.self)[0] += task }, place)
        }, buffer.baseAddress!)
    }
    #expect(sums == [Int](repeating: 4950, count: 64))
  }

  @Test func callsFromSeveralThreadsAtOnce() async {
    let totals = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var total = 0
          for _ in 0..<200 {
            var parts = [Int](repeating: 0, count: 50)
            parts.withUnsafeMutableBufferPointer { buffer in
              aviary_parallel(
                50, { context, task in context!.assumingMemoryBound(to: Int.self)[task] = task }, buffer.baseAddress!)
            }
            total += parts.reduce(0, +)
          }
          return total
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(totals == [Int](repeating: 200 * 1225, count: 4))
  }

  @Test func bitsOfProductsDoNotDependOnThreads() {
    // One shape for each path through the kernels that distributes work.
    let shapes: [(m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool)] = [
      (150, 170, 600, false, false), (130, 200, 300, false, true), (900, 5, 300, true, false),
      (700, 5, 900, false, false), (1, 1100, 700, false, false), (20, 700, 500, false, true),
      (300, 270, 4000, true, false), (1024, 512, 1024, false, false),
    ]
    for shape in shapes {
      let (m, n, k) = (shape.m, shape.n, shape.k)
      let a: [Float] = testNumbers(m * k, seed: 1)
      let b: [Float] = testNumbers(k * n, seed: 2)
      let results = onEachNumberOfThreads {
        var c = [Float](repeating: 0, count: m * n)
        aviary_gemm_f32(
          shape.transposeA, shape.transposeB, m, n, k, a, shape.transposeA ? m : k, b, shape.transposeB ? k : n, &c, n,
          nil)
        return c.map(\.bitPattern)
      }
      #expect(results.allSatisfy { $0 == results[0] }, "\(shape)")
    }
  }

  @Test func bitsOfConvolutionsDoNotDependOnThreads() {
    for filters in [4, 20] {
      var shape = aviary_conv2d(
        n: 40, h: 14, w: 14, cin: 3, kh: 5, kw: 5, cout: filters, oh: 14, ow: 14, stride_h: 1, stride_w: 1, pad_top: 2,
        pad_left: 2, dilation_h: 1, dilation_w: 1)
      let x: [Float] = testNumbers(40 * 14 * 14 * 3, seed: 1)
      let w: [Float] = testNumbers(25 * 3 * filters, seed: 2)
      let dy: [Float] = testNumbers(40 * 14 * 14 * filters, seed: 3)
      let results = onEachNumberOfThreads {
        var y = dy
        var dx = x
        var dw = w
        aviary_conv2d_forward_f32(&shape, x, w, nil, AVIARY_TANH, 0, &y)
        aviary_conv2d_backward_input_f32(&shape, dy, w, &dx)
        aviary_conv2d_backward_filter_f32(&shape, x, dy, &dw)
        return (y + dx + dw).map(\.bitPattern)
      }
      #expect(results[0] == results[1] && results[0] == results[2], "\(filters) filters")
    }
  }
}

@Suite(.serialized) struct KernelsMemoryTests {
  @Test func blocksAreAlignedDistinctAndWritable() {
    var blocks: [(UnsafeMutableRawPointer, Int)] = []
    for size in [0, 1, 63, 64, 65, 80, 100, 1000, 4097, 131_072, 131_073, 5_000_000, 20_000_000] {
      guard let block = aviary_allocate(size) else {
        Issue.record("no memory for \(size) bytes")
        continue
      }
      #expect(Int(bitPattern: block) % 64 == 0)
      memset(block, Int32(blocks.count + 1), size)
      blocks.append((block, size))
    }
    for (index, (block, size)) in blocks.enumerated() where size > 0 {
      let bytes = block.assumingMemoryBound(to: UInt8.self)
      #expect(Int(bytes[0]) == index + 1 && Int(bytes[size - 1]) == index + 1)
    }
    for (block, size) in blocks { aviary_deallocate(block, size) }
  }

  @Test func freedBlocksAreUsedAgain() {
    // A size class that nothing else in these tests uses.
    let size = 1_100_000
    let first = aviary_allocate(size)
    aviary_deallocate(first, size)
    #expect(aviary_pooled_bytes() >= size)
    let second = aviary_allocate(size)
    #expect(first == second)
    aviary_deallocate(second, size)
  }

  @Test func trimmingGivesBlocksBack() {
    let size = 77_000_000
    aviary_deallocate(aviary_allocate(size), size)
    aviary_trim_memory()
    #expect(aviary_pooled_bytes() < size)
  }

  @Test func absurdSizesGiveNothing() {
    #expect(aviary_allocate(Int.max) == nil)
    #expect(aviary_allocate(1 << 45) == nil)
  }
}
