import AviaryKernels

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

private let usualThreads = aviary_threads()

/// Sets the number of threads that kernels share their work among; nil for the number they started with.
public func setThreads(_ count: Int?) {
  let usual = usualThreads
  aviary_set_threads(count ?? usual)
}

/// The bytes of the pool's free blocks.
public func pooledBytes() -> Int { Int(aviary_pooled_bytes()) }

/// The process's resident memory in bytes; 0 if unknown.
public func residentBytes() -> Int {
  #if canImport(Darwin)
    var info = mach_task_basic_info()
    var count = mach_msg_type_number_t(MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
    let status = withUnsafeMutablePointer(to: &info) { pointer in
      pointer.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
        task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
      }
    }
    return status == KERN_SUCCESS ? Int(info.resident_size) : 0
  #else
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 128)
    guard fgets(&text, Int32(text.count), file) != nil else { return 0 }
    let fields = text.prefix { $0 != 0 }.split(separator: 32).map { digits in
      digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    }
    return fields.count > 1 ? fields[1] * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  #endif
}
