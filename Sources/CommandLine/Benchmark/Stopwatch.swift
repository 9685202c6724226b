import Foundation

/// Times repeated work, and what other programs did meanwhile.
package struct Stopwatch {
  /// How many runs are timed.
  let runs: Int
  /// The least length of a run, in seconds.
  let seconds: Double
  /// Counts the time that this process's threads computed instead of the time that passed.
  let countsProcessorTime: Bool

  /// A stopwatch.
  package init(runs: Int, seconds: Double, countsProcessorTime: Bool = false) {
    self.runs = runs
    self.seconds = seconds
    self.countsProcessorTime = countsProcessorTime
  }

  /// The stopwatch that counts the time that passed.
  var byTheClock: Stopwatch { Stopwatch(runs: runs, seconds: seconds) }

  /// Seconds a call takes, once for each run, after a warm-up of at least one run's length.
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

  /// How many processors others used while the body ran; nil where the system does not tell.
  static func othersProcessors<Result>(during body: () throws -> Result) rethrows -> (Result, Double?) {
    let (began, before) = (seconds(CLOCK_MONOTONIC), othersSeconds)
    let result = try body()
    let passed = seconds(CLOCK_MONOTONIC) - began
    guard let before, let after = othersSeconds, passed > 0 else { return (result, nil) }
    return (result, max(0, after - before) / passed)
  }

  /// Returns as soon as others leave so many processors free, or once the seconds have passed; at once where the system
  /// does not tell.
  static func waitForQuiet(sparing processors: Int, atMost patience: Double) {
    let limit = seconds(CLOCK_MONOTONIC) + patience
    let most = Double(ProcessInfo.processInfo.activeProcessorCount - processors) + 0.1
    while seconds(CLOCK_MONOTONIC) < limit {
      guard let others = othersProcessors(during: { usleep(300_000) }).1, others >= most else { return }
    }
  }

  /// The processor seconds that everything but this process and those it started has taken since the start of the system,
  /// those that a hypervisor kept for itself included.
  private static var othersSeconds: Double? {
    guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let line = text.split(separator: "\n").first, line.hasPrefix("cpu ")
    else { return nil }
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard ticks.count >= 8 else { return nil }
    // All but idle and waiting for devices.
    let busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]
    return busy / Double(sysconf(Int32(_SC_CLK_TCK))) - seconds(CLOCK_PROCESS_CPUTIME_ID) - childrensSeconds
  }

  /// The processor seconds of the ended processes that this one started.
  private static var childrensSeconds: Double {
    var ticks = tms()
    times(&ticks)
    return Double(ticks.tms_cutime + ticks.tms_cstime) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
