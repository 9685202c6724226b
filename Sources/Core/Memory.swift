import AviaryKernels

/// The memory that tensors give back is kept for the next ones of their size.
package enum Memory {
  /// Gives what is kept back to the system: after work on all rows at once, whose sizes do not come again.
  package static func releaseUnused() {
    aviary_trim_memory()
  }
}
