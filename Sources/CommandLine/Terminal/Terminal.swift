import Foundation

enum Terminal {
  /// Opens standard descriptors that are closed at startup, so that no file of a run gets their numbers and with them
  /// the terminal's output. They are opened the wrong way round: reading and writing fail as before.
  static func secureDescriptors() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is this one.
      _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes a line, or text with another terminator, to standard output. If that is full or closed, exits with status
  /// 1: a result that nobody received must not look like success.
  static func print(_ text: String, terminator: String = "\n") { print(bytes: Array((text + terminator).utf8)) }

  /// Writes bytes to standard output, as ``print(_:terminator:)`` does.
  static func print(bytes: [UInt8]) {
    if write(bytes: bytes, to: 1) { return }
    error("aviary: cannot write to standard output: \(String(cString: strerror(errno)))")
    exit(1)
  }

  /// Writes a line to standard error.
  static func error(_ text: String) { write(text + "\n", to: 2) }

  /// Whether a descriptor is a terminal that supports updating a line.
  static func isInteractive(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// The terminal's width in columns; 80 if unknown.
  static func width(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes text; returns false if the descriptor does not accept it.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Bool { write(bytes: Array(text.utf8), to: descriptor) }

  private static func write(bytes: [UInt8], to descriptor: Int32) -> Bool {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      if written < 0, errno == EAGAIN {
        // A pipe or terminal that another process made non-blocking is full for now.
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, -1)
        continue
      }
      guard written > 0 else { return false }
      bytes = bytes.dropFirst(written)
    }
    return true
  }
}
