import AviaryKernels
import Testing

/// The caches of some processors, in KiB: an Intel Emerald Rapids, an AMD Zen 5, an Apple core, and a small one.
private let processors: [(level1: Int, level2: Int, level3: Int)] = [
  (48, 2048, 300 << 10), (48, 1024, 32 << 10), (128, 4096, 0), (32, 256, 8 << 10), (16, 16, 0),
]

private func caches(_ sizes: (level1: Int, level2: Int, level3: Int)) -> aviary_caches {
  aviary_caches(level1: sizes.level1 << 10, level2: sizes.level2 << 10, level3: sizes.level3 << 10)
}

/// Runs `body` with the products of the calling thread planned for such caches.
private func with<Result>(_ caches: aviary_caches, _ body: () -> Result) -> Result {
  withUnsafePointer(to: caches) { aviary_use_caches($0) }
  defer { aviary_use_caches(nil) }
  return body()
}

@Suite struct KernelsPlanTests {
  @Test func cachesAreReadAtTheStart() {
    let sizes = aviary_cache_sizes()
    #expect(sizes.level1 >= 8 << 10 && sizes.level1 <= 1 << 20)
    #expect(sizes.level2 >= sizes.level1 && sizes.level2 <= 1 << 30)
    #expect(sizes.level3 == 0 || sizes.level3 >= sizes.level2)
  }

  @Test(arguments: [false, true], [false, true])
  func bitsDoNotDependOnCaches(transposeA: Bool, transposeB: Bool) {
    // Strides of a power of two, several blocks of k, edges, few rows and few columns.
    let shapes = [
      (256, 256, 1024), (200, 270, 1100), (130, 1000, 300), (700, 320, 128), (60, 290, 1500), (400, 40, 700),
    ]
    for (index, (m, n, k)) in shapes.enumerated() {
      let lda = (transposeA ? m : k) + index % 3 * 7, ldb = (transposeB ? k : n) + index % 2 * 1024
      let a: [Float] = testNumbers((transposeA ? k : m) * lda, seed: 1)
      let b: [Float] = testNumbers((transposeB ? n : k) * ldb, seed: 2)
      let results = processors.map { sizes in
        with(caches(sizes)) {
          var c = [Float](repeating: 0, count: m * n)
          aviary_gemm_f32(transposeA, transposeB, m, n, k, a, lda, b, ldb, &c, n, nil)
          return c.map(\.bitPattern)
        }
      }
      for result in results { #expect(result == results[0], "\(m)×\(n)×\(k)") }
    }
  }

  @Test func packedOperandsGiveTheProduct() {
    // Caches so small that both operands are packed, the second one column block after the other.
    let (m, n, k) = (120, 300, 530)
    let sizes = caches((16, 16, 0))
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      let a: [Double] = testNumbers(m * k, seed: 3), b: [Double] = testNumbers(k * n, seed: 4)
      let (lda, ldb) = (transposeA ? m : k, transposeB ? k : n)
      for isa in availableInstructionSets {
        var c = [Double](repeating: 0, count: m * n)
        withInstructionSet(isa) {
          with(sizes) { aviary_gemm_f64(transposeA, transposeB, m, n, k, a, lda, b, ldb, &c, n, nil) }
        }
        var worst = 0.0
        for i in 0..<m {
          for j in 0..<n {
            var sum = 0.0
            for p in 0..<k {
              sum += a[transposeA ? p * lda + i : i * lda + p] * b[transposeB ? j * ldb + p : p * ldb + j]
            }
            worst = max(worst, abs(sum - c[i * n + j]))
          }
        }
        #expect(worst < 1e-11, "instruction set \(isa.rawValue), \(transposeA), \(transposeB)")
      }
    }
  }

  private func plan(
    _ sizes: (level1: Int, level2: Int, level3: Int), _ m: Int, _ n: Int, _ k: Int, transposeA: Bool = false,
    transposeB: Bool = false, columnStride: Int? = nil
  ) -> aviary_gemm_plan {
    with(caches(sizes)) {
      aviary_gemm_plan_f32(transposeA, transposeB, m, n, k, transposeA ? m : k, columnStride ?? (transposeB ? k : n))
    }
  }

  @Test func whatDoesNotStayInTheSecondLevelCacheIsPacked() {
    let (intel, zen) = (processors[0], processors[1])
    // A and B of 4 MiB, and of 256 KiB.
    #expect(plan(intel, 1024, 1024, 1024).packs_a && plan(intel, 1024, 1024, 1024).packs_b)
    #expect(!plan(intel, 256, 256, 256).packs_a && !plan(intel, 256, 256, 256).packs_b)
    // A block of 512 rows of 2 KiB is two thirds of no cache of 2 MiB, and of one of 1 MiB.
    #expect(!plan(intel, 512, 512, 512).packs_b && plan(zen, 512, 512, 512).packs_b)
    // The distance between rows counts, not their length.
    #expect(plan(intel, 512, 256, 512, columnStride: 4096).packs_b)
    // Transposed rows are packed; a transposed A only if its rows span more than 64 pages.
    #expect(plan(intel, 256, 256, 256, transposeB: true).packs_b)
    #expect(!plan(intel, 256, 512, 256, transposeA: true).packs_a)
    #expect(plan(intel, 512, 512, 512, transposeA: true).packs_a)
  }

  @Test func rowsThatTakeTheSameSetsArePacked() {
    // Rows of A 4096 bytes apart, nearly so, and a multiple of it.
    for k in [1024, 1028, 1000, 2048, 4096] { #expect(plan(processors[0], 1000, 1000, k).packs_a, "\(k)") }
    // Rows half as far apart, and others: a first-level cache of any size has room for a tile's.
    for k in [512, 784, 1111, 1536, 2500] { #expect(!plan(processors[0], 1000, 1000, k).packs_a, "\(k)") }
  }

  @Test func nothingIsPackedForFewUses() {
    #expect(!plan(processors[0], 40, 4096, 1024).packs_b)
    #expect(!plan(processors[0], 4096, 48, 1024).packs_a)
    #expect(!plan(processors[0], 4096, 24, 1024, transposeA: true).packs_a)
    #expect(plan(processors[0], 4096, 128, 1024, transposeA: true).packs_a)
  }

  @Test(arguments: processors)
  func partsFitTheirCaches(level1: Int, level2: Int, level3: Int) {
    for (m, n, k) in [(4096, 4096, 4096), (3000, 300, 700), (500, 20_000, 513), (8192, 512, 64)] {
      for transposed in [false, true] {
        let plan = plan((level1, level2, level3), m, n, k, transposeA: transposed, transposeB: transposed)
        #expect(plan.depth <= 512 && plan.depth >= min(k, 256))
        // The part that stays in the second-level cache while A streams past fills half of it, or one panel if that is
        // more.
        #expect(plan.near_columns * plan.depth * 4 <= max(level2 << 9, plan.tile_columns * plan.depth * 4))
      }
    }
  }

  @Test func threadsHaveSeveralTasksEach() async {
    // A delayed thread leaves its part to the others; at the end, few threads are idle.
    await #expect(processExitsWith: .success) {
      for threads in [1, 2, 3, 8] {
        aviary_set_threads(threads)
        for (m, n, k) in [(1024, 1024, 1024), (512, 512, 512), (4096, 4096, 512), (2000, 600, 3000), (128, 784, 500)] {
          for transposed in [false, true] {
            let plan = aviary_gemm_plan_f32(false, transposed, m, n, k, k, transposed ? k : n)
            let rounds = (plan.tasks + threads - 1) / threads
            precondition(threads == 1 ? plan.tasks == 1 : rounds >= 4 && 8 * rounds * threads <= 9 * plan.tasks)
            precondition(plan.task_rows * plan.task_columns * plan.tasks >= m * n)
          }
        }
      }
    }
  }
}
