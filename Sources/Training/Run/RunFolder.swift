import AviaryFormats
import AviaryRegistry

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The folder of a run: `recipe.json`, `metrics.csv`, `checkpoint.safetensors`, and at the end `weights.safetensors` and
/// `report.html`. Files are replaced as a whole (written beside, synced, renamed), so that a kill leaves the old or the new.
final class RunFolder {
  enum File: String, CaseIterable {
    case recipe = "recipe.json"
    case metrics = "metrics.csv"
    case checkpoint = "checkpoint.safetensors"
    case weights = "weights.safetensors"
    case report = "report.html"
  }

  /// The folder's path.
  let root: String
  private let clock = ContinuousClock()
  private var saved: ContinuousClock.Instant
  /// `metrics.csv` while the run is under way.
  private var metrics: LineFile?
  /// Keeps other trainings away; nil while none is under way.
  private var lock: FolderLock?
  /// The folders that were made for the run, the innermost first.
  private var made: [String] = []

  private init(root: String) {
    self.root = root
    saved = clock.now
  }

  /// A run that never began leaves nothing behind: those of its folders go that are still empty.
  deinit { for folder in made { rmdir(folder) } }

  /// Keeps other trainings away until ``unlock()``. Throws where one has the folder, or it cannot be written to.
  func acquireLock() throws { if lock == nil { lock = try FolderLock(root) } }

  /// Lets others write to the folder.
  func unlock() { lock = nil }

  /// Throws where the folder was moved, removed or replaced since it was locked.
  func requirePresent() throws { try lock?.requirePresent() }

  /// A new folder, locked. Throws where it cannot be made or written to, another training has it, or it holds a run already.
  convenience init(creating path: String) throws {
    self.init(root: path)
    let missing = RunFolder.missing(path)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.folder(path, "the run's folder cannot be made: \(error.localizedReason)")
    }
    // Whoever has the lock is the only one to look, to write and to remove.
    try acquireLock()
    made = missing
    for file in File.allCases where FileManager.default.fileExists(atPath: self.path(file)) {
      throw TrainingError.folder(
        path, "it holds a \(file.rawValue) already; resume that run, or choose another folder")
    }
  }

  /// The folders on the way to a path that are not there, the innermost first.
  private static func missing(_ path: String) -> [String] {
    var missing: [String] = []
    var (place, status) = (path, stat())
    while !place.isEmpty, stat(place, &status) != 0 {
      missing.append(place)
      place = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ""
    }
    return missing
  }

  /// The folder of an earlier run. Throws where it holds none.
  convenience init(existing path: String) throws {
    self.init(root: path)
    guard FileManager.default.fileExists(atPath: self.path(.recipe)) else {
      throw TrainingError.folder(path, "it holds no run: there is no \(File.recipe.rawValue) in it")
    }
  }

  func path(_ file: File) -> String { root.hasSuffix("/") ? root + file.rawValue : "\(root)/\(file.rawValue)" }

  /// The recipe that the run was started with. Its folder is not that of a file any more.
  func recipe() throws -> Recipe {
    let recipe = try Recipe(contentsOf: path(.recipe))
    return Recipe(recipe.document, source: recipe.source)
  }

  /// The last checkpoint.
  func checkpoint() throws -> SavedCheckpoint {
    let path = path(.checkpoint)
    guard FileManager.default.fileExists(atPath: path) else {
      throw TrainingError.folder(
        root, "there is no \(File.checkpoint.rawValue) in it: the run ended before it was saved once; begin a new one")
    }
    return try SavedCheckpoint(FileBytes.read(path), source: path)
  }

  var secondsSinceSaved: Double { (clock.now - saved).seconds }

  /// Replaces the checkpoint.
  func save(_ bytes: [UInt8]) throws {
    try requirePresent()
    try AtomicFile.write(bytes, to: path(.checkpoint))
    saved = clock.now
  }

  /// Writes the recipe, and opens `metrics.csv` with the rows of the given records; later rows of an interrupted run are
  /// dropped, since they will come again.
  func begin(_ recipe: ConfigurationValue, columns: [String], history: [EpochRecord]) throws {
    try requirePresent()
    removeUnfinishedFiles()
    try AtomicFile.write(recipe.json(prettyPrinted: true) + "\n", to: path(.recipe))
    var lines = [(["stage", "epoch", "step"] + columns + ["seconds"]).joined(separator: ",")]
    let earlier = (try? FileBytes.read(path(.metrics))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let rows = earlier.split(separator: "\n").dropFirst().map(String.init)
    for (index, record) in history.enumerated() {
      // The seconds are known to the old file alone, if its row is whole.
      let line = RunFolder.line(record, seconds: nil, columns: columns)
      lines.append(index < rows.count && rows[index].hasPrefix(line) ? rows[index] : line)
    }
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: path(.metrics))
    metrics = try LineFile(appendingTo: path(.metrics))
  }

  /// A kill in the middle of writing leaves a file beside the one that it was to replace.
  private func removeUnfinishedFiles() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] where name.hasSuffix(".tmp") {
      guard File.allCases.contains(where: { name.hasPrefix(".\($0.rawValue).") }) else { continue }
      try? FileManager.default.removeItem(atPath: "\(root)/\(name)")
    }
  }

  /// Adds a row to `metrics.csv`.
  func append(_ record: EpochRecord, seconds: Double, columns: [String]) throws {
    try requirePresent()
    guard FileManager.default.fileExists(atPath: path(.metrics)) else {
      throw TrainingError.folder(
        root,
        "its \(File.metrics.rawValue) was removed during the training, which stops here; resume the run from its last "
          + "checkpoint, which writes the file again")
    }
    try metrics?.append(RunFolder.line(record, seconds: seconds, columns: columns))
  }

  /// How long all epochs have taken together, also those before an interruption, as `metrics.csv` tells.
  private func trainedSeconds() throws -> Double {
    let rows = String(decoding: try FileBytes.read(path(.metrics)), as: UTF8.self).split(separator: "\n").dropFirst()
    return rows.reduce(0) { sum, row in
      sum + (row.lastIndex(of: ",").flatMap { Double(row[row.index(after: $0)...]) } ?? 0)
    }
  }

  private static func line(_ record: EpochRecord, seconds: Double?, columns: [String]) -> String {
    let values = columns.map { record.values[$0].map { "\($0)" } ?? "" }
    let time = seconds.map { "\(($0 * 1000).rounded() / 1000)" } ?? ""
    return (["\(record.stage)", "\(record.epoch)", "\(record.step)"] + values + [time]).joined(separator: ",")
  }

  /// Writes the weights by their plain names, and the report.
  func finish(
    _ state: TrainingState, _ recipe: ResolvedRecipe, _ data: PreparedData, _ scores: [String: Measurement],
    warnings: [String], changes: [RecipeChange]
  ) throws {
    try requirePresent()
    let metadata = ["recipe": recipe.name, "writer": AviaryVersion.description]
    try Safetensors(state.model.parameters.namedValues, metadata: metadata).write(to: path(.weights))
    var report = Report(recipe: recipe, data: data, model: state.model, history: state.history, scores: scores)
    report.warnings = warnings
    (report.changes, report.date, report.seconds) = (changes, Date(), try trainedSeconds())
    try AtomicFile.write(report.html(), to: path(.report))
  }
}

extension Error {
  /// What the system says, without the path that the message names already.
  fileprivate var localizedReason: String {
    guard let system = (self as? CocoaError)?.underlying as? POSIXError else { return "\(self)" }
    return String(cString: strerror(system.code.rawValue))
  }
}
