import AviaryCore

/// The memory that a training needs at least, by purpose. Amounts too large for an `Int` do no harm.
struct TrainingMemory {
  private var parts: [(name: String, bytes: Double)] = []

  /// Adds an amount.
  mutating func add(_ name: String, _ bytes: Double) { parts.append((name, bytes)) }

  /// Throws ``TrainingError`` if the total exceeds the limit.
  func check(against limit: Int = MemoryLimit.byteCount) throws {
    let sum = parts.reduce(0.0) { $0 + $1.bytes }
    guard sum > Double(limit) else { return }
    let list = parts.filter { $0.bytes >= 1_048_576 }.map { "\($0.name) \(TrainingMemory.text($0.bytes))" }
    throw TrainingError.memory(
      needed: TrainingMemory.text(sum), limit: TrainingMemory.text(Double(limit)), parts: list)
  }

  /// In the largest fitting unit: `14.2 GiB`.
  private static func text(_ bytes: Double) -> String {
    var (value, unit) = (bytes / 1024, 0)
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
    return "\(value.fixed(1)) \(units[unit])"
  }
}
