import AviaryKernels

/// How many threads the processor's kernels use. Results do not depend on it: work is split by size alone.
public enum Threads {
  /// The number of threads; at the start as many as the cores that the process may use, by its affinity and its quota.
  public static var count: Int { aviary_threads() }

  /// Sets the number of threads, at least 1.
  public static func set(_ count: Int) { aviary_set_threads(max(1, count)) }

  /// The instruction set that the kernels run on: `"avx512"`, `"avx2"`, `"baseline"`.
  public static var instructionSet: String { String(cString: aviary_instruction_set()) }
}
