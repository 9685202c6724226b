import AviaryKernels

/// The processor, and how the kernels adapt to it.
package enum Processor {
  /// The name that the processor reports.
  package static var name: String { String(cString: aviary_processor_name()) }

  /// The sizes of its data caches in bytes, first level first; levels that do not exist or are unknown are missing.
  package static var caches: [Int] {
    let sizes = aviary_cache_sizes()
    return [sizes.level1, sizes.level2, sizes.level3].filter { $0 > 0 }
  }

  /// The block sizes for a product of two square float32 matrices.
  package static func productPlan(width n: Int) -> String {
    let plan = aviary_gemm_plan_f32(false, false, n, n, n, n, n)
    let packed = [plan.packs_a ? "A" : nil, plan.packs_b ? "B" : nil].compactMap(\.self).joined(separator: " and ")
    return
      "tiles of \(plan.tile_rows) by \(plan.tile_columns), sums in blocks of \(plan.depth), "
      + "tasks of \(plan.task_rows) rows and \(plan.task_columns) columns, "
      + (packed.isEmpty ? "nothing packed" : "\(packed) packed")
  }
}
