import Aviary

/// Shows files while they are fetched: one line that is rewritten on a terminal, a line a file elsewhere.
final class FetchDisplay {
  private let descriptor: Int32
  private let isLive: Bool
  private let clock = ContinuousClock()
  private var began: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant
  /// Bytes that were there when the fetching of the file began.
  private var start: Int?
  private var lineIsOpen = false

  init(descriptor: Int32) {
    self.descriptor = descriptor
    isLive = Terminal.isInteractive(descriptor)
    began = clock.now
    drawn = began - .seconds(1)
  }

  /// A file is about to be fetched.
  func begin() { (began, start) = (clock.now, nil) }

  /// So many bytes are there.
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

  /// A file is there.
  func end(_ file: RemoteFile, _ outcome: Download.Outcome) {
    close()
    let remark = outcome == .present ? "is there" : ProgressDisplay.duration((clock.now - began).seconds)
    Terminal.write("\(file.name)  \(FetchDisplay.size(file.byteCount))  \(remark)\n", to: descriptor)
  }

  /// Ends the rewritten line.
  func close() {
    if lineIsOpen { Terminal.write("\r\u{1b}[K", to: descriptor) }
    lineIsOpen = false
  }

  /// `812 bytes`, `29.5 KB`, `9.9 MB`, in powers of a thousand.
  static func size(_ byteCount: Int) -> String {
    if byteCount < 1000 { return "\(byteCount) bytes" }
    let (value, unit) = byteCount < 1_000_000 ? (Double(byteCount) / 1e3, "KB") : (Double(byteCount) / 1e6, "MB")
    return "\(ProgressDisplay.fixed(value, 1)) \(unit)"
  }
}
