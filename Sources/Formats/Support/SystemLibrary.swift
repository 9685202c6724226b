#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The calls of the C library that several files need, under one name on every system.
enum SystemLibrary {
  /// What the last failed call says of itself: `No such file or directory`.
  static func message(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// Repeats a call that a signal interrupted.
  static func retrying<Result: FixedWidthInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result != -1 || errno != EINTR { return result }
    }
  }

  /// Bytes of memory that the machine has.
  private static let memoryByteCount = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))

  /// A caller's limit, or the machine's memory where that is less: asking for more would end the program.
  static func limit(_ maximumByteCount: Int) -> Int {
    memoryByteCount > 0 ? min(maximumByteCount, memoryByteCount) : maximumByteCount
  }

  /// Reads at most `count` bytes; 0 at the end of the file, -1 on failure.
  static func readSome(_ descriptor: Int32, _ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    retrying { read(descriptor, target, count) }
  }

  /// Writes at most `count` bytes; -1 on failure.
  static func writeSome(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    retrying { write(descriptor, start, count) }
  }

  /// Asks for what was written to be on the disk, not in its cache.
  static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      if fcntl(descriptor, F_FULLFSYNC) != -1 { return 0 }
    #endif
    return retrying { fsync(descriptor) }
  }
}
