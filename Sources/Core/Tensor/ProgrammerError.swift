/// Stops the program at a mistake of its programmer, with the caller's file and line.
package func programmerError(_ message: String, _ file: StaticString, _ line: UInt) -> Never {
  fatalError(message, file: file, line: line)
}
