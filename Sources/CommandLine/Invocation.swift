import Aviary
import Foundation

/// How the process was called, so that messages name commands that can be typed as shown.
package enum Invocation {
  /// The beginning of a command for this process.
  static let command = spelling(
    of: CommandLine.arguments.first ?? "aviary", in: FileManager.default.currentDirectoryPath)

  /// `aviary` if installed, `swift run -c release NAME` if built in the package in the given folder, or a relative path
  /// as it was typed.
  package static func spelling(of executable: String, in folder: String) -> String {
    let name = executable.split(separator: "/").last.map(String.init) ?? "aviary"
    if executable.hasPrefix(".build/") || executable.hasPrefix("\(folder)/.build/") {
      return "swift run -c release \(name)"
    }
    return executable.contains("/") && !executable.hasPrefix("/") ? executable : name
  }

  /// The text with its commands, written as `aviary train …`, spelled the way this process was called.
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

  /// A word for a command line, quoted if a shell would split or expand it.
  package static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_=./,:+@%".contains($0) }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
