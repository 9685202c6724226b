#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The maximum memory of this process: the machine's, or a lower limit of its control group on Linux.
package enum MemoryLimit {
  /// The limit in bytes.
  package static let byteCount: Int = {
    let machine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    let groups = text(of: "/proc/self/cgroup").flatMap { smallestLimit(of: $0, under: "/sys/fs/cgroup") }
    return min(machine, groups ?? machine)
  }()

  /// The lowest limit among the control groups of a process, of both versions, and their ancestors.
  ///
  /// - Parameters:
  ///   - groups: lines `number:controllers:path`, as in `/proc/self/cgroup`.
  ///   - root: the mount point of the groups. In a container that is its own group, and the paths do not exist.
  /// - Returns: the limit in bytes; nil if there is none.
  package static func smallestLimit(of groups: String, under root: String) -> Int? {
    var limits: [Int] = []
    for line in groups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isSecond = fields[0] == "0" && fields[1].isEmpty
      guard isSecond || fields[1].split(separator: ",").contains("memory") else { continue }
      var folder = root + (isSecond ? "" : "/memory")
      let steps = [""] + fields[2].split(separator: "/").map { "/\($0)" }
      for step in steps {
        folder += step
        let file = "\(folder)/\(isSecond ? "memory.max" : "memory.limit_in_bytes")"
        // A value that is not a number ("max") is no limit.
        if let limit = text(of: file).flatMap({ Int($0.prefix { $0.isNumber }) }), limit > 0 { limits.append(limit) }
      }
    }
    return limits.min()
  }

  /// A small file's text; nil if it cannot be read.
  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
