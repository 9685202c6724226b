import AviaryCommandLine
import Testing

/// Messages of reasonable length.
@Suite struct ErrorTextTests {
  @Test func whatIsShortStays() {
    let text = "recipe.json: epochs:  expected a number,\n  found \"x\"\t"
    #expect(ErrorText.shortened(text) == text)
    #expect(ErrorText.shortened("") == "")
    let word = String(repeating: "x", count: ErrorText.longestWord)
    #expect(ErrorText.shortened("'\(word.dropLast(2))' and \(word)") == "'\(word.dropLast(2))' and \(word)")
  }

  @Test func longWordsAreCutInTheMiddle() {
    let text = ErrorText.shortened("unknown key 'a\(String(repeating: "ä", count: 9998))z'; did you mean 'seed'?")
    #expect(text.hasPrefix("unknown key 'aäää"))
    #expect(text.contains("ä… (9543 characters omitted) …ä"))
    #expect(text.hasSuffix("ääz'; did you mean 'seed'?"))
  }

  @Test func longMessagesAreCutInTheMiddle() {
    let text = ErrorText.shortened("begin " + String(repeating: "ab ", count: 5000) + "end")
    #expect(text.count <= ErrorText.longest)
    #expect(text.hasPrefix("begin ab ab") && text.hasSuffix("ab ab end"))
    #expect(text.contains(" characters omitted) …"))
  }
}
