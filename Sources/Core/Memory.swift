import AviaryKernels

/// The pool that keeps the memory of freed tensors for new ones of the same size.
package enum Memory {
  /// Returns unused memory to the system, after work on all rows at once, whose sizes do not recur.
  package static func releaseUnused() {
    aviary_trim_memory()
  }

  /// The number of blocks requested from the system so far.
  package static var systemBlocks: Int { aviary_system_blocks() }
}
