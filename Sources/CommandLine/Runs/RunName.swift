import Aviary
import Foundation

/// A run's default name: the recipe's name and the changes to it.
///
/// `--set optimizer.name=adadelta --seed 2` turns `fonts-cnn` into `fonts-cnn-optimizer=adadelta-seed=2`: only letters,
/// digits, `-`, `_`, `=` and `.`, which need no quoting in a shell.
package struct RunName {
  package private(set) var text: String
  private static let longest = 100

  /// Starts with a recipe's name.
  package init(_ recipe: String) { text = RunName.plain(recipe) }

  /// Adds the change of the value at a path, unless the name would become too long.
  package mutating func add(_ path: String, _ value: String) {
    let keys = path.split(separator: ".").map(String.init)
    // Neither the key of an object's name nor an index tells a reader anything.
    let key = keys.last { $0 != "name" && Int($0) == nil } ?? keys.first ?? path
    var short = RunName.plain(value)
    if short.count > 24 { short = RunName.plain(String(short.prefix(24))) }
    let longer = "\(text)-\(RunName.plain(key))=\(short)"
    if longer.count <= RunName.longest { text = longer }
  }

  /// `runs/NAME`, or the first of `runs/NAME-2`, `runs/NAME-3`, … that does not exist or is empty and not in use.
  func freeFolder() -> String {
    var folder = "runs/\(text)"
    var number = 2
    while FileManager.default.fileExists(atPath: folder), !RunName.isUnused(folder) {
      folder = "runs/\(text)-\(number)"
      number += 1
    }
    return folder
  }

  /// Whether a folder was abandoned before its run began, for example while loading data.
  private static func isUnused(_ folder: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: folder).isEmpty) == true && !FolderLock.isHeld(folder)
  }

  /// The text with everything but letters, digits, `_` and `.` replaced by single hyphens, and none at its ends.
  private static func plain(_ text: String) -> String {
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" || $0 == ".") }
    return words.isEmpty ? "x" : words.joined(separator: "-")
  }
}
