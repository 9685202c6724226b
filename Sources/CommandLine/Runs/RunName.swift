import Aviary
import Foundation

/// The name of a run that nobody named: the recipe's, and what was changed of it.
///
/// `--set optimizer.name=adadelta --seed 2` makes `fonts-cnn-optimizer=adadelta-seed=2` of `fonts-cnn`: letters, digits,
/// `-`, `_`, `=` and `.`, which no shell takes for anything else.
package struct RunName {
  /// The name.
  package private(set) var text: String
  private static let longest = 100

  /// A recipe's name.
  package init(_ recipe: String) { text = RunName.plain(recipe) }

  /// Adds a change of the value at a path. Changes that no longer fit are left out.
  package mutating func add(_ path: String, _ value: String) {
    let keys = path.split(separator: ".").map(String.init)
    // An object is known by its name, and a position in a list tells nothing.
    let key = keys.last { $0 != "name" && Int($0) == nil } ?? keys.first ?? path
    var short = RunName.plain(value)
    if short.count > 24 { short = RunName.plain(String(short.prefix(24))) }
    let longer = "\(text)-\(RunName.plain(key))=\(short)"
    if longer.count <= RunName.longest { text = longer }
  }

  /// `runs/NAME`, or the first of `runs/NAME-2`, `runs/NAME-3` … that does not exist, or is empty and no training's.
  func freeFolder() -> String {
    var folder = "runs/\(text)"
    var number = 2
    while FileManager.default.fileExists(atPath: folder), !RunName.isUnused(folder) {
      folder = "runs/\(text)-\(number)"
      number += 1
    }
    return folder
  }

  /// Whether a folder is one that was left before its run began, as where the loading of data was interrupted.
  private static func isUnused(_ folder: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: folder).isEmpty) == true && !FolderLock.isHeld(folder)
  }

  /// A text in which anything but letters, digits, `_` and `.` has become single hyphens, with none at its ends.
  private static func plain(_ text: String) -> String {
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" || $0 == ".") }
    return words.isEmpty ? "x" : words.joined(separator: "-")
  }
}
