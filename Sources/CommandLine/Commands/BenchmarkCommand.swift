import Aviary

/// `aviary benchmark`: how fast this machine computes, trains and infers.
struct BenchmarkCommand: Command {
  static let name = "benchmark"
  static let summary = "Measures the speed of kernels, training and inference on this machine."
  static let usage = """
    aviary benchmark [options]

      --case NAMES    comma-separated cases or groups: kernels, optimizers, train, infer, startup, all (default: all)
      --threads N     number of threads
      --runs N        number of times to measure each case (default: 7)
      --seconds S     minimum duration of a measurement in seconds (default: 0.2)
      --wait S        before each case, wait up to S seconds for the machine to be idle (default: 0)
      --processor     measure this process's CPU time instead of elapsed time, for busy machines with --threads 1;
                      'startup', which runs a process of its own, always measures elapsed time
      --once          run each case once without measuring
      --json          print one JSON object per case; "value" is the median of "runs"

    The data is random. A training step is a forward pass, a backward pass and an update.
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
      throw UsageError("unexpected '\(arguments.positional[0])'; select cases with --case")
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
      Terminal.error("aviary: this is a debug build, so its times mean nothing; use swift run -c release aviary …")
    #endif
    if let threads { Threads.set(threads) }
    if once { return try cases.forEach { try $0.prepare()() } }
    if !printsJSON {
      let clock = stopwatch.countsProcessorTime ? ", CPU time" : ""
      let caches = Processor.caches.map { "\($0 >> 10) KiB" }.joined(separator: ", ")
      Terminal.print("\(Processor.name); caches: \(caches)")
      Terminal.print("\(Threads.count) threads, \(Threads.instructionSet)\(clock)")
      for width in [256, 1024] { Terminal.print("products of width \(width): \(Processor.productPlan(width: width))") }
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
