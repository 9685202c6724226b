import Aviary
import Foundation

/// How the process was called, so that messages name commands that can be typed as they stand.
package enum Invocation {
  /// What begins a command of this process.
  static let command = spelling(
    of: CommandLine.arguments.first ?? "aviary", in: FileManager.default.currentDirectoryPath)

  /// `aviary` where it is installed; `swift run -c release NAME` where it was built in the package of the given folder;
  /// a relative path as it was typed.
  package static func spelling(of executable: String, in folder: String) -> String {
    let name = executable.split(separator: "/").last.map(String.init) ?? "aviary"
    if executable.hasPrefix(".build/") || executable.hasPrefix("\(folder)/.build/") {
      return "swift run -c release \(name)"
    }
    return executable.contains("/") && !executable.hasPrefix("/") ? executable : name
  }

  /// A text whose commands, written as `aviary train …`, begin as this process did.
  static func respelled(_ text: String) -> String { respelled(text, command: command) }

  package static func respelled(_ text: String, command: String) -> String {
    guard command != "aviary" else { return text }
    let names = AviaryCommand.names + ["COMMAND"]
    var (result, rest) = ("", text[...])
    while let place = rest.firstRange(of: "aviary ") {
      let before = rest[..<place.lowerBound].last ?? result.last
      let word = String(rest[place.upperBound...].prefix { $0.isLetter })
      let isCall = names.contains(word) && before.map { " '\n".contains($0) } ?? true
      result += rest[..<place.lowerBound] + (isCall ? "\(command) " : "aviary ")
      rest = rest[place.upperBound...]
    }
    return result + rest
  }

  /// A word of a command line, in quotes where a shell would take it apart.
  package static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_=./,:+@%".contains($0) }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
