import AviaryKernels

/// The number of threads of the kernels. It does not affect results, because work is split by size.
public enum Threads {
  /// The number of threads; initially the number of cores that the process may use, by its affinity and quota.
  public static var count: Int { aviary_threads() }

  /// Sets the number of threads, at least 1.
  public static func set(_ count: Int) { aviary_set_threads(max(1, count)) }

  /// The instruction set of the kernels: `"avx512"`, `"avx2"`, `"baseline"`.
  public static var instructionSet: String { String(cString: aviary_instruction_set()) }
}
