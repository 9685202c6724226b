import Aviary

/// Shows how far predictions have come: one line on a terminal that is rewritten, nothing elsewhere.
final class PredictionProgress {
  private let clock = ContinuousClock()
  private let began: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant
  private var lineIsOpen = false
  private let isShown: Bool

  /// `isShown` says whether there is a place for it.
  init(isShown: Bool) {
    self.isShown = isShown
    began = clock.now
    drawn = clock.now
  }

  /// Since the beginning.
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

  /// Ends the rewritten line.
  func close() {
    if lineIsOpen { Terminal.write("\r\u{1b}[K", to: 2) }
    lineIsOpen = false
  }
}
