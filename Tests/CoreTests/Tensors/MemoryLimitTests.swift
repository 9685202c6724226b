import AviaryCore
import AviaryTestSupport
import Foundation
import Testing

/// The limits of control groups, from folders like those of Linux.
@Suite struct MemoryLimitTests {
  /// Files with limits by path, the text of `/proc/self/cgroup`, and the resulting limit.
  static let cases: [([String: String], String, Int?)] = [
    // Version 2: the lowest limit of a group and its ancestors; "max" is none.
    (["memory.max": "max", "a/memory.max": "4096\n", "a/b/memory.max": "8192\n"], "0::/a/b\n", 4096),
    (["a/memory.max": "max\n"], "0::/a\n", nil),
    // In a container the paths lead nowhere, and its own group is the root.
    (["memory.max": "1000\n"], "0::/docker/123\n", 1000),
    // Version 1: only the memory group counts.
    (
      ["memory/memory.limit_in_bytes": "9223372036854771712\n", "memory/x/memory.limit_in_bytes": "5000\n"],
      "5:cpu,cpuacct:/x\n4:memory:/x\n0::/\n", 5000
    ),
    (["memory/memory.limit_in_bytes": "7000\n"], "4:hugetlb,memory:/elsewhere\n", 7000),
    (["memory.max": "10\n"], "5:cpu:/a\nnonsense\n", nil),
    ([:], "", nil),
  ]

  @Test(arguments: cases.indices) func theLeastLimitHolds(_ index: Int) throws {
    let (files, groups, expected) = Self.cases[index]
    let folder = try ScratchFolder()
    for (name, text) in files { try folder.write(Array(text.utf8), to: name) }
    #expect(MemoryLimit.smallestLimit(of: groups, under: folder.path) == expected)
  }

  @Test func thereIsAtMostTheMachine() {
    #expect(MemoryLimit.byteCount > 0)
    #expect(UInt64(MemoryLimit.byteCount) <= ProcessInfo.processInfo.physicalMemory)
  }
}
