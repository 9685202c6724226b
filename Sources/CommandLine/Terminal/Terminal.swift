import Foundation

/// Standard output and standard error.
enum Terminal {
  /// Writes a line to standard output.
  static func print(_ text: String) { write(text + "\n", to: 1) }

  /// Writes a line to standard error.
  static func error(_ text: String) { write(text + "\n", to: 2) }

  /// Whether a descriptor is a terminal that a line can be rewritten on.
  static func isInteractive(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Columns of a terminal; 80 where they are unknown.
  static func width(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
