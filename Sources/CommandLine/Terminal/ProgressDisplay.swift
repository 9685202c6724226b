import Aviary

/// Shows the progress of a training: one updating line on a terminal, one line per epoch elsewhere.
final class ProgressDisplay {
  private let descriptor: Int32
  private let isLive: Bool
  private let clock = ContinuousClock()
  private var stageBegan: ContinuousClock.Instant
  private var epochBegan: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant
  private var epochs = 0
  /// Where the stage began or resumed, in epochs.
  private var start: Double?
  private var lineIsOpen = false
  /// Epochs between plain lines, so that thousands of epochs do not fill the log.
  private var cadence: Int { max(1, epochs / 50) }

  init(descriptor: Int32) {
    self.descriptor = descriptor
    isLive = Terminal.isInteractive(descriptor)
    let now = clock.now
    (stageBegan, epochBegan, drawn) = (now, now, now - .seconds(1))
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .prepared(let model, let rows):
      line(model)
      line(rows.map { "\($0.count) \($0.part) rows" }.joined(separator: ", "))
    case .stageBegan(let name, let epochs):
      self.epochs = epochs
      (stageBegan, epochBegan, start) = (clock.now, clock.now, nil)
      line("stage \(name): up to \(epochs) \(epochs == 1 ? "epoch" : "epochs")")
    case .batchEnded(let progress):
      if start == nil { start = ProgressDisplay.position(progress, before: 1) }
      if isLive, clock.now - drawn > .milliseconds(100) { draw(progress) }
    case .epochEnded(let record, let seconds):
      epochBegan = clock.now
      guard record.epoch % cadence == 0 || record.epoch == epochs || record.epoch == 1 else { break }
      line("epoch \(record.epoch)/\(epochs)  \(values(record.values))  \(ProgressDisplay.duration(seconds))")
    case .stageEnded(_, let stoppedEarly): if stoppedEarly { line("stopped early") }
    case .saved, .note, .warning: break
    }
  }

  /// Clears the updating line.
  func close() {
    if lineIsOpen { Terminal.write("\r\u{1b}[K", to: descriptor) }
    lineIsOpen = false
  }

  private func line(_ text: String) {
    close()
    Terminal.write(text + "\n", to: descriptor)
  }

  private func draw(_ progress: BatchProgress) {
    drawn = clock.now
    let share = progress.batches > 0 ? Double(progress.batch) / Double(progress.batches) : 1
    let spent = (clock.now - epochBegan).seconds
    let speed = spent > 0 ? Double(progress.rows) / spent : 0
    let done = ProgressDisplay.position(progress) - (start ?? 0)
    let left = (Double(progress.epochs) - ProgressDisplay.position(progress)) / done * (clock.now - stageBegan).seconds
    let line = ProgressLine(
      head: "\(progress.stage) \(progress.epoch)/\(progress.epochs)", share: share, values: values(progress.values),
      speed: "\(Int(speed)) samples/s", left: "\(ProgressDisplay.duration(left)) left")
    Terminal.write("\r\(line.text(width: Terminal.width(descriptor) - 1))\u{1b}[K", to: descriptor)
    lineIsOpen = true
  }

  /// Epochs of the stage completed this many batches ago.
  private static func position(_ progress: BatchProgress, before batches: Int = 0) -> Double {
    Double(progress.epoch - 1) + Double(progress.batch - batches) / Double(max(1, progress.batches))
  }

  /// Part by part, loss first, with four decimals.
  private func values(_ values: [String: Double]) -> String {
    let parts = ["train.", "validation.", "test."]
    func rank(_ name: String) -> (Int, Int, String) {
      (parts.firstIndex { name.hasPrefix($0) } ?? -1, name.hasSuffix("loss") ? 0 : 1, name)
    }
    return values.sorted { rank($0.key) < rank($1.key) }
      .map { "\($0.key) \(ProgressDisplay.fixed($0.value, 4))" }.joined(separator: "  ")
  }

  static func fixed(_ value: Double, _ decimals: Int) -> String { value.fixed(decimals) }

  /// `0.8 s`, `12 s`, `3 min 5 s`, `2 h 10 min`.
  static func duration(_ seconds: Double) -> String { seconds.duration }
}
