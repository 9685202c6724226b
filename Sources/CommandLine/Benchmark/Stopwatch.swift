import Foundation

/// Times repeated work, and measures what other processes did meanwhile.
package struct Stopwatch {
  let runs: Int
  /// The minimum duration of a run, in seconds.
  let seconds: Double
  /// Whether to count this process's CPU time instead of elapsed time.
  let countsProcessorTime: Bool

  package init(runs: Int, seconds: Double, countsProcessorTime: Bool = false) {
    self.runs = runs
    self.seconds = seconds
    self.countsProcessorTime = countsProcessorTime
  }

  /// The stopwatch for elapsed time.
  var byTheClock: Stopwatch { Stopwatch(runs: runs, seconds: seconds) }

  /// Seconds per call in each run, after a warm-up that lasts at least as long as a run.
  package func time(_ call: () throws -> Void) throws -> [Double] {
    _ = try time(3, call)
    var count = 1
    var spent = try time(count, call)
    while spent < seconds {
      let factor = min(10, 1.1 * seconds / max(spent, 1e-9))
      count = max(count + 1, Int(Double(count) * factor))
      spent = try time(count, call)
    }
    return try (0..<runs).map { _ in try time(count, call) / Double(count) }
  }

  private func time(_ count: Int, _ call: () throws -> Void) throws -> Double {
    let began = now
    for _ in 0..<count { try call() }
    return now - began
  }

  private var now: Double { Stopwatch.seconds(countsProcessorTime ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// How many processors other processes used while the body ran; nil if the system does not report it.
  static func othersProcessors<Result>(during body: () throws -> Result) rethrows -> (Result, Double?) {
    let (began, before) = (seconds(CLOCK_MONOTONIC), othersSeconds)
    let result = try body()
    let passed = seconds(CLOCK_MONOTONIC) - began
    guard let before, let after = othersSeconds, passed > 0 else { return (result, nil) }
    return (result, max(0, after - before) / passed)
  }

  /// Waits until other processes leave this many processors free, or until the time is up. Returns at once if the
  /// system does not report the load.
  static func waitForQuiet(sparing processors: Int, atMost patience: Double) {
    let limit = seconds(CLOCK_MONOTONIC) + patience
    let most = Double(ProcessInfo.processInfo.activeProcessorCount - processors) + 0.1
    while seconds(CLOCK_MONOTONIC) < limit {
      guard let others = othersProcessors(during: { usleep(300_000) }).1, others >= most else { return }
    }
  }

  /// The CPU seconds used since boot by everything except this process and its children, including time taken by a
  /// hypervisor.
  private static var othersSeconds: Double? {
    guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let line = text.split(separator: "\n").first, line.hasPrefix("cpu ")
    else { return nil }
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard ticks.count >= 8 else { return nil }
    // All but idle and I/O wait.
    let busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]
    return busy / Double(sysconf(Int32(_SC_CLK_TCK))) - seconds(CLOCK_PROCESS_CPUTIME_ID) - childrensSeconds
  }

  /// The CPU seconds of this process's children that have ended.
  private static var childrensSeconds: Double {
    var ticks = tms()
    times(&ticks)
    return Double(ticks.tms_cutime + ticks.tms_cstime) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
