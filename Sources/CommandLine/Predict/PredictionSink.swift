import Aviary

/// Where lines of predictions go: standard output, or a file that is there once it is whole.
final class PredictionSink {
  private let file: GrowingFile?
  private var pending: [UInt8] = []

  /// A file's, or nil for standard output.
  init(_ path: String?) throws { file = try path.map { try GrowingFile($0) } }

  func write(_ bytes: [UInt8]) throws {
    if let file { return try file.append(bytes) }
    pending += bytes
    if pending.count >= 1 << 16 { flush() }
  }

  func finish() throws {
    flush()
    try file?.commit()
  }

  /// Hands on what was written to standard output.
  func flush() {
    guard !pending.isEmpty else { return }
    Terminal.print(bytes: pending)
    pending.removeAll(keepingCapacity: true)
  }
}
