#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Calls of the C library, under the same names on every system.
enum SystemLibrary {
  /// The message for an error code: `No such file or directory`.
  static func message(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// Repeats a call that was interrupted by a signal.
  static func retrying<Result: FixedWidthInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result != -1 || errno != EINTR { return result }
    }
  }

  /// The machine's memory in bytes.
  private static let memoryByteCount = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

  /// The caller's limit, or the machine's memory if smaller: asking for more would end the program.
  static func limit(_ maximumByteCount: Int) -> Int {
    memoryByteCount > 0 ? min(maximumByteCount, memoryByteCount) : maximumByteCount
  }

  /// Reads at most `count` bytes; returns 0 at the end of the file, −1 on failure.
  static func readSome(_ descriptor: Int32, _ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    retrying { read(descriptor, target, count) }
  }

  /// Writes at most `count` bytes; returns −1 on failure.
  static func writeSome(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    retrying { write(descriptor, start, count) }
  }

  /// Flushes written data to disk.
  static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      if fcntl(descriptor, F_FULLFSYNC) != -1 { return 0 }
    #endif
    return retrying { fsync(descriptor) }
  }
}
