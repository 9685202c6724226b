import AviaryKernels
import AviaryTestSupport
import Foundation
import Testing

/// A folder of control groups: the process's list of groups, and the files with their limits.
private struct Groups {
  let folder: ScratchFolder

  init(_ lines: [String], _ files: [String: String]) throws {
    folder = try ScratchFolder()
    try folder.write(lines.joined(separator: "\n").utf8, to: "cgroup")
    for (path, text) in files { try folder.write((text + "\n").utf8, to: "mount/" + path) }
  }

  var processors: Int { aviary_quota_processors(folder["cgroup"], folder["mount"]) }
}

@Suite struct KernelsProcessorsTests {
  @Test func quotasOfVersion2() throws {
    let files = ["a/cpu.max": "350000 100000", "a/b/cpu.max": "max 100000", "a/c/cpu.max": "50000 100000"]
    // The lowest limit of a group and its ancestors counts; part of a processor counts as one.
    #expect(try Groups(["0::/a/b"], files).processors == 4)
    #expect(try Groups(["0::/a/b/deeper"], files).processors == 4)
    #expect(try Groups(["0::/a/c"], files).processors == 1)
    #expect(try Groups(["0::/elsewhere"], files).processors == 0)
    // In a container the group is the root.
    #expect(try Groups(["0::/"], ["cpu.max": "200000 100000"]).processors == 2)
    #expect(try Groups(["0::/"], ["cpu.max": "max 100000"]).processors == 0)
    // The host's name of the group, in a container that does not have it.
    #expect(try Groups(["0::/docker/f00"], ["cpu.max": "200000 100000"]).processors == 2)
  }

  @Test func quotasOfVersion1() throws {
    let quota = { (folder: String, value: Int) in
      ["\(folder)/cpu.cfs_quota_us": "\(value)", "\(folder)/cpu.cfs_period_us": "100000"]
    }
    let lines = ["9:cpuset:/x", "4:cpu,cpuacct:/a/b", "2:memory:/a", "0::/"]
    #expect(try Groups(lines, quota("cpu,cpuacct/a", 150_000)).processors == 2)
    #expect(try Groups(lines, quota("cpu/a/b", 800_000)).processors == 8)
    #expect(try Groups(["1:cpu:/"], quota("cpu", 300_000)).processors == 3)
    #expect(try Groups(["1:cpu:/"], quota("cpu", -1)).processors == 0)
    // Other controllers do not count.
    #expect(try Groups(["9:cpuset:/x", "3:cpuacct:/x"], quota("cpu/x", 100_000)).processors == 0)
  }

  @Test func whatCannotBeReadIsNoBound() throws {
    #expect(aviary_quota_processors("/nowhere/cgroup", "/nowhere") == 0)
    #expect(try Groups(["", "no colons", "1:cpu", "0::/a"], ["a/cpu.max": "what"]).processors == 0)
    #expect(aviary_processors() >= 1)
  }

  #if os(Linux)
    @Test func affinityBoundsTheThreads() async {
      await #expect(processExitsWith: .success) {
        // Glibc's module leaves them out.
        typealias Affinity = @convention(c) (Int32, Int, UnsafeMutableRawPointer) -> Int32
        let program = dlopen(nil, RTLD_NOW)
        let get = unsafeBitCast(dlsym(program, "sched_getaffinity"), to: Affinity.self)
        let set = unsafeBitCast(dlsym(program, "sched_setaffinity"), to: Affinity.self)
        var allowed = [UInt8](repeating: 0, count: 512)
        precondition(get(0, allowed.count, &allowed) >= 0)
        // Only the first processor.
        let first = allowed.firstIndex { $0 != 0 }!
        let lowest = allowed[first] & (~allowed[first] &+ 1)
        allowed = [UInt8](repeating: 0, count: 512)
        allowed[first] = lowest
        precondition(set(0, allowed.count, &allowed) == 0)
        precondition(aviary_processors() == 1 && aviary_threads() == 1)
      }
    }
  #endif

  @Test func idleThreadsTakeNoTime() async {
    await #expect(processExitsWith: .success) {
      aviary_set_threads(4)
      for _ in 0..<10 { aviary_parallel(64, { _, _ in }, nil) }
      let start = clock()
      usleep(200_000)
      // Threads that waited actively would take up to 600 ms.
      precondition(Double(clock() - start) / Double(CLOCKS_PER_SEC) < 0.02)
    }
  }
}
