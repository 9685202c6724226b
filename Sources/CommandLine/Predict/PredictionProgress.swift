import Aviary

/// Shows the progress of predictions: one updating line on a terminal, nothing elsewhere.
final class PredictionProgress {
  private let clock = ContinuousClock()
  private let began: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant
  private var lineIsOpen = false
  private let isShown: Bool

  /// Shows nothing unless `isShown`.
  init(isShown: Bool) {
    self.isShown = isShown
    began = clock.now
    drawn = clock.now
  }

  /// The time since the start.
  var seconds: Double { (clock.now - began).seconds }

  func show(rows: Int, share: Double) {
    guard isShown, clock.now - drawn > .milliseconds(200), share > 0 else { return }
    drawn = clock.now
    let line = ProgressLine(
      head: "predict", share: share, values: "\(rows) rows", speed: "\(Int(Double(rows) / seconds)) rows/s",
      left: "\(ProgressDisplay.duration(seconds * (1 - share) / share)) left")
    Terminal.write("\r\(line.text(width: Terminal.width(2) - 1))\u{1b}[K", to: 2)
    lineIsOpen = true
  }

  /// Clears the updating line.
  func close() {
    if lineIsOpen { Terminal.write("\r\u{1b}[K", to: 2) }
    lineIsOpen = false
  }
}
