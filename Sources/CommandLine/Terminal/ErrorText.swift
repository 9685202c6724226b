/// Messages of a sane length, whatever a file or a command line holds that they quote.
package enum ErrorText {
  /// The most characters of a message.
  package static let longest = 2000
  /// The most of them without a space between: what a long word is besides a path.
  package static let longestWord = 500

  /// A message whose long words, and which itself, are cut in the middle: how many characters are left out stands there. A
  /// message that is short enough stays as it is.
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
    // The end has the remedy, the beginning the place.
    let half = (limit - 40) / 2
    return "\(text.prefix(half))… (\(count - 2 * half) characters left out) …\(text.suffix(half))"
  }
}
