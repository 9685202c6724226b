import Aviary

/// Writes lines of predictions to standard output, or to a file that appears only when it is complete.
final class PredictionSink {
  private let file: GrowingFile?
  private var pending: [UInt8] = []

  /// The writer of the file; nil for standard output.
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

  /// Flushes standard output.
  func flush() {
    guard !pending.isEmpty else { return }
    Terminal.print(bytes: pending)
    pending.removeAll(keepingCapacity: true)
  }
}
