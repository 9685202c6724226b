import Aviary
import Foundation

/// A run's folder as shown by `list runs`, read from its small files only and without trusting them.
struct RunListing {
  let folder: String
  let recipe: String
  let state: String
  let epochs: Int
  let score: String
  /// When the run last wrote a file.
  let date: Date

  /// The runs in a folder, newest first.
  static func all(in folder: String) throws -> [RunListing] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return names.compactMap { RunListing("\(folder)/\($0)") }.sorted { ($1.date, $0.folder) < ($0.date, $1.folder) }
  }

  /// The run in a folder; nil if the folder has none of a run's files.
  init?(_ folder: String) {
    let dates = Trainer.files.map { RunListing.date("\(folder)/\($0)") }
    guard let latest = dates.compactMap({ $0 }).max() else { return nil }
    (self.folder, date) = (folder, latest)
    let recipe = try? Recipe(contentsOf: "\(folder)/recipe.json")
    self.recipe = recipe?.name ?? "?"
    let metrics = (try? String(contentsOfFile: "\(folder)/metrics.csv", encoding: .utf8)) ?? ""
    let lines = metrics.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    epochs = max(0, lines.count - 1)
    score = RunListing.score(lines.map { $0.map(String.init) })
    if recipe == nil || lines.isEmpty {
      state = "damaged"
    } else if FolderLock.isHeld(folder) {
      state = "running"
    } else {
      let isFinished = FileManager.default.fileExists(atPath: "\(folder)/weights.safetensors")
      state = isFinished ? "finished" : "stopped"
    }
  }

  /// The last score on test rows (or on others if there are none): the first metric, or the loss if it is the only one.
  private static func score(_ lines: [[String]]) -> String {
    guard let columns = lines.first else { return "" }
    for part in ["test", "validation", "train"] {
      let places = columns.indices.filter { columns[$0].hasPrefix("\(part).") }
      let ranked = places.filter { !columns[$0].hasSuffix("loss") } + places.filter { columns[$0].hasSuffix("loss") }
      for place in ranked {
        let last = lines.dropFirst().last { place < $0.count && Double($0[place]) != nil }
        guard let value = last.flatMap({ Double($0[place]) }) else { continue }
        return "\(columns[place].replacing(".", with: " ", maxReplacements: 1)) \(value.fixed(4))"
      }
    }
    return ""
  }

  private static func date(_ path: String) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
  }

  static let heading = ["run", "recipe", "state", "epochs", "last score", "date"]

  var row: [String] {
    let style = Date.ISO8601FormatStyle(timeZone: .current).year().month().day().dateSeparator(.dash)
      .dateTimeSeparator(.space).time(includingFractionalSeconds: false)
    return [folder, recipe, state, "\(epochs)", score, String(date.formatted(style).prefix(16))]
  }
}
