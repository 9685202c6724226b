import Aviary

/// `aviary benchmark`: how fast this machine computes, trains and infers.
struct BenchmarkCommand: Command {
  static let name = "benchmark"
  static let summary = "Measures the speed of kernels, training steps and inference on this machine."
  static let usage = """
    aviary benchmark [options]

      --case NAMES    cases to measure, separated by commas, or groups of them: kernels, train, infer, startup, all (all)
      --threads N     number of threads
      --runs N        times each case is measured (7)
      --seconds S     least duration of a measurement (0.2)
      --wait S        waits at most so many seconds before each case until the machine is idle (0)
      --processor     measures this process's processor time, not the time that passes: for busy machines and --threads 1;
                      startup, which runs a process of its own, is always measured by the clock
      --once          runs each case once and measures nothing
      --json          prints one JSON object for each case; "value" is the median of "runs"

    Data are random; a step is a forward pass, a backward pass and an update.
    """

  private let cases: [BenchmarkCase]
  private let threads: Int?
  private let stopwatch: Stopwatch
  /// Seconds.
  private let patience: Double
  private let once: Bool
  private let printsJSON: Bool

  init(parsing arguments: [String]) throws {
    let arguments = try Arguments(
      arguments, valued: ["case": true, "threads": false, "runs": false, "seconds": false, "wait": false],
      flags: ["json", "processor", "once"])
    guard arguments.positional.isEmpty else {
      throw UsageError("unexpected '\(arguments.positional[0])'; cases are given with --case")
    }
    let names = arguments.all("case").flatMap {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    cases = try BenchmarkCase.named(names.isEmpty ? ["all"] : names)
    threads = try arguments.integer("threads", atLeast: 1)
    func seconds(_ option: String, _ preset: Double, atLeast minimum: Double) throws -> Double {
      guard let text = arguments.value(option) else { return preset }
      guard let seconds = Double(text), seconds >= minimum, seconds.isFinite else {
        throw UsageError("--\(option): expected a number of seconds, at least \(minimum), found '\(text)'")
      }
      return seconds
    }
    patience = try seconds("wait", 0, atLeast: 0)
    stopwatch = Stopwatch(
      runs: try arguments.integer("runs", atLeast: 1) ?? 7, seconds: try seconds("seconds", 0.2, atLeast: 1e-6),
      countsProcessorTime: arguments.has("processor"))
    once = arguments.has("once")
    printsJSON = arguments.has("json")
  }

  func run(_ surroundings: Surroundings) throws {
    #if DEBUG
      Terminal.error("aviary: this is a debug build; its times mean nothing: use swift run -c release aviary …")
    #endif
    if let threads { Threads.set(threads) }
    if once { return try cases.forEach { try $0.prepare()() } }
    if !printsJSON {
      let clock = stopwatch.countsProcessorTime ? ", processor time" : ""
      let caches = Processor.caches.map { "\($0 >> 10) KiB" }.joined(separator: ", ")
      Terminal.print("\(Processor.name); caches: \(caches)")
      Terminal.print("\(Threads.count) threads, \(Threads.instructionSet)\(clock)")
      for width in [256, 1024] { Terminal.print("products \(width) wide: \(Processor.productPlan(width: width))") }
      Terminal.print(BenchmarkResult.heading)
    }
    for measured in cases {
      Stopwatch.waitForQuiet(sparing: Threads.count, atMost: patience)
      let stopwatch = measured.group == .startup ? stopwatch.byTheClock : stopwatch
      let result = try BenchmarkResult(of: measured, with: stopwatch)
      Terminal.print(printsJSON ? result.json : result.text)
    }
  }
}
