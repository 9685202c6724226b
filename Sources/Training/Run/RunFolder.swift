import AviaryFormats
import AviaryLayers
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

/// The folder of a run: `recipe.json`, `metrics.csv`, `checkpoint.safetensors`, and at the end `weights.safetensors`
/// and `report.html`. Files are replaced as a whole (written beside, synced, renamed), so a kill leaves the old one or
/// the new one.
final class RunFolder {
  enum File: String, CaseIterable {
    case recipe = "recipe.json"
    case metrics = "metrics.csv"
    case checkpoint = "checkpoint.safetensors"
    case weights = "weights.safetensors"
    case report = "report.html"
  }

  let root: String
  private let clock = ContinuousClock()
  private var saved: ContinuousClock.Instant
  /// The duration of the last save.
  private var secondsOfSaving = 0.0
  /// `metrics.csv` during the training.
  private var metrics: LineFile?
  /// Keeps other trainings away; nil without a training.
  private var lock: FolderLock?
  /// The folders created for the run, innermost first.
  private var made: [String] = []

  private init(root: String) {
    self.root = root
    saved = clock.now
  }

  /// A run that never began leaves nothing behind: removes the created folders that are still empty.
  deinit { for folder in made { rmdir(folder) } }

  /// Keeps other trainings away until ``unlock()``. Throws if one has the folder, or it is not writable.
  func acquireLock() throws { if lock == nil { lock = try FolderLock(root) } }

  /// Lets other trainings use the folder.
  func unlock() { lock = nil }

  /// Throws if the folder was moved, removed or replaced since it was locked.
  func requirePresent() throws { try lock?.requirePresent() }

  /// Creates a folder and locks it. Throws if it cannot be created or written to, another training has it, or it
  /// already holds a run.
  convenience init(creating path: String) throws {
    self.init(root: path)
    let missing = RunFolder.missing(path)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.folder(path, "cannot create the run's folder: \(error.localizedReason)")
    }
    // Only the owner of the lock may look, write and remove.
    try acquireLock()
    made = missing
    for file in File.allCases where FileManager.default.fileExists(atPath: self.path(file)) {
      throw TrainingError.folder(
        path, "it already holds a \(file.rawValue); resume that run, or choose another folder")
    }
  }

  /// The missing folders on the way to a path, innermost first.
  private static func missing(_ path: String) -> [String] {
    var missing: [String] = []
    var (place, status) = (path, stat())
    while !place.isEmpty, stat(place, &status) != 0 {
      missing.append(place)
      place = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ""
    }
    return missing
  }

  /// The folder of an earlier run. Throws if it holds none.
  convenience init(existing path: String) throws {
    self.init(root: path)
    guard FileManager.default.fileExists(atPath: self.path(.recipe)) else {
      throw TrainingError.folder(path, "not a run: it has no \(File.recipe.rawValue)")
    }
  }

  /// Whether a folder holds a run that can be resumed.
  static func holdsRun(_ path: String) -> Bool {
    let folder = RunFolder(root: path)
    return [File.recipe, .checkpoint].allSatisfy { FileManager.default.fileExists(atPath: folder.path($0)) }
  }

  func path(_ file: File) -> String { root.hasSuffix("/") ? root + file.rawValue : "\(root)/\(file.rawValue)" }

  /// The recipe that the run was started with, without its file's folder.
  func recipe() throws -> Recipe {
    let recipe = try Recipe(contentsOf: path(.recipe))
    return Recipe(recipe.document, source: recipe.source)
  }

  /// The last checkpoint.
  func checkpoint() throws -> SavedCheckpoint {
    let path = path(.checkpoint)
    guard FileManager.default.fileExists(atPath: path) else {
      throw TrainingError.folder(
        root, "it has no \(File.checkpoint.rawValue): the run ended before it was first saved; start a new one")
    }
    return try SavedCheckpoint(FileBytes.read(path), source: path)
  }

  var secondsSinceSaved: Double { (clock.now - saved).seconds }

  /// Whether saving takes little time compared with the training since the last save. At the end of a short stage it
  /// may not, and there may be a thousand such stages.
  var isSavingCheap: Bool { secondsSinceSaved > 10 * secondsOfSaving }

  /// Replaces the checkpoint.
  func save(_ bytes: () throws -> [UInt8]) throws {
    let began = clock.now
    try requirePresent()
    try AtomicFile.write(bytes(), to: path(.checkpoint))
    saved = clock.now
    secondsOfSaving = (saved - began).seconds
  }

  /// Writes the recipe, and opens `metrics.csv` with the rows of these records. Later rows of an interrupted run are
  /// dropped, since they will come again.
  func begin(_ recipe: ConfigurationValue, columns: [String], history: [EpochRecord]) throws {
    try requirePresent()
    removeUnfinishedFiles()
    try AtomicFile.write(recipe.json(prettyPrinted: true) + "\n", to: path(.recipe))
    var lines = [(["stage", "epoch", "step"] + columns + ["seconds"]).joined(separator: ",")]
    let earlier = (try? FileBytes.read(path(.metrics))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let rows = earlier.split(separator: "\n").dropFirst().map(String.init)
    for (index, record) in history.enumerated() {
      // Only the old file has the durations, if its row is complete.
      let line = RunFolder.line(record, seconds: nil, columns: columns)
      lines.append(index < rows.count && rows[index].hasPrefix(line) ? rows[index] : line)
    }
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: path(.metrics))
    metrics = try LineFile(appendingTo: path(.metrics))
  }

  /// A kill during writing leaves a temporary file beside the one to replace.
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
        "its \(File.metrics.rawValue) was removed during the training, which stops here; resume the run, which writes "
          + "the file again")
    }
    try metrics?.append(RunFolder.line(record, seconds: seconds, columns: columns))
  }

  /// The total duration of all epochs, including those before an interruption, according to `metrics.csv`.
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

  /// Writes the weights under their plain names, and the report.
  func finish(
    _ state: TrainingState, _ recipe: ResolvedRecipe, _ data: PreparedData, _ scores: [String: Measurement],
    warnings: [String], changes: [RecipeChange]
  ) throws {
    try requirePresent()
    var metadata = ["recipe": recipe.name, "writer": AviaryVersion.description]
    // A layer of another package may have no registered name to describe it by.
    metadata[Model.metadataKey] = (try? state.model.architecture())?.json()
    try Safetensors(state.model.parameters.namedValues, metadata: metadata).write(to: path(.weights))
    var report = Report(recipe: recipe, data: data, model: state.model, history: state.history, scores: scores)
    report.warnings = warnings
    (report.changes, report.date, report.seconds) = (changes, Date(), try trainedSeconds())
    try AtomicFile.write(report.html(), to: path(.report))
  }
}

extension Error {
  /// The system's reason, without the path that the message already names.
  var localizedReason: String {
    guard let system = (self as? CocoaError)?.underlying as? POSIXError else { return "\(self)" }
    return String(cString: strerror(system.code.rawValue))
  }
}
