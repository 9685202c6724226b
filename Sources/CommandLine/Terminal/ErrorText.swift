/// Keeps messages short, whatever they quote from a file or a command line.
package enum ErrorText {
  /// The maximum number of characters in a message.
  package static let longest = 2000
  /// The maximum number of characters in a word, long enough for a path.
  package static let longestWord = 500

  /// The message with long words, and then the whole, cut in the middle, where it says how many characters are omitted.
  /// Short messages stay as they are.
  package static func shortened(_ message: String) -> String {
    var (result, word) = ("", "")
    for character in message {
      guard character.isWhitespace else {
        word.append(character)
        continue
      }
      result += cut(word, to: longestWord)
      result.append(character)
      word = ""
    }
    return cut(result + cut(word, to: longestWord), to: longest)
  }

  private static func cut(_ text: String, to limit: Int) -> String {
    let count = text.count
    guard count > limit else { return text }
    // The remedy is at the end, the place at the beginning.
    let half = (limit - 40) / 2
    return "\(text.prefix(half))… (\(count - 2 * half) characters omitted) …\(text.suffix(half))"
  }
}

extension String {
  /// The text on one line.
  var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
