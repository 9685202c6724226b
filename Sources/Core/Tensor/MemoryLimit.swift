#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The memory that this process can have at most: the machine's, or less where its control group on Linux is allowed less.
package enum MemoryLimit {
  /// In bytes.
  package static let byteCount: Int = {
    let machine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    let groups = text(of: "/proc/self/cgroup").flatMap { smallestLimit(of: $0, under: "/sys/fs/cgroup") }
    return min(machine, groups ?? machine)
  }()

  /// The least limit among the control groups of a process, of both versions, and those that they are in.
  ///
  /// - Parameters:
  ///   - groups: lines `number:controllers:path`, as in `/proc/self/cgroup`.
  ///   - root: where the groups are mounted. In a container that is its own group, and the paths lead nowhere.
  /// - Returns: the limit in bytes; nil where there is none.
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
        // No number ("max") is no limit.
        if let limit = text(of: file).flatMap({ Int($0.prefix { $0.isNumber }) }), limit > 0 { limits.append(limit) }
      }
    }
    return limits.min()
  }

  /// A small file's text; nil where it cannot be read.
  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
