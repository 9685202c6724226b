import Aviary

/// Shows the progress of downloads: one updating line on a terminal, one line per file elsewhere.
final class FetchDisplay {
  private let descriptor: Int32
  private let isLive: Bool
  private let clock = ContinuousClock()
  private var began: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant
  /// Bytes present when the download began.
  private var start: Int?
  private var lineIsOpen = false

  init(descriptor: Int32) {
    self.descriptor = descriptor
    isLive = Terminal.isInteractive(descriptor)
    began = clock.now
    drawn = began - .seconds(1)
  }

  func begin() { (began, start) = (clock.now, nil) }

  /// Shows how many bytes have arrived.
  func show(_ file: RemoteFile, _ byteCount: Int) {
    if start == nil { start = byteCount }
    guard isLive, clock.now - drawn > .milliseconds(100) || byteCount == file.byteCount else { return }
    drawn = clock.now
    let seconds = (clock.now - began).seconds
    let speed = Double(byteCount - (start ?? 0)) / max(seconds, 1e-3)
    let left = speed > 0 ? Double(file.byteCount - byteCount) / speed : 0
    let line = ProgressLine(
      head: file.name, share: Double(byteCount) / Double(max(file.byteCount, 1)),
      values: "\(FetchDisplay.size(byteCount)) of \(FetchDisplay.size(file.byteCount))",
      speed: "\(FetchDisplay.size(Int(speed)))/s", left: "\(ProgressDisplay.duration(left)) left")
    Terminal.write("\r\(line.text(width: Terminal.width(descriptor) - 1))\u{1b}[K", to: descriptor)
    lineIsOpen = true
  }

  /// Shows that a file is complete.
  func end(_ file: RemoteFile, _ outcome: Download.Outcome) {
    close()
    let remark = outcome == .present ? "present" : ProgressDisplay.duration((clock.now - began).seconds)
    Terminal.write("\(file.name)  \(FetchDisplay.size(file.byteCount))  \(remark)\n", to: descriptor)
  }

  /// Clears the updating line.
  func close() {
    if lineIsOpen { Terminal.write("\r\u{1b}[K", to: descriptor) }
    lineIsOpen = false
  }

  /// `812 bytes`, `29.5 KB`, `9.9 MB`, in powers of 1000.
  static func size(_ byteCount: Int) -> String {
    if byteCount < 1000 { return "\(byteCount) bytes" }
    let (value, unit) = byteCount < 1_000_000 ? (Double(byteCount) / 1e3, "KB") : (Double(byteCount) / 1e6, "MB")
    return "\(ProgressDisplay.fixed(value, 1)) \(unit)"
  }
}
