/// Stops the program because of a programmer's mistake, with a message in every build. (AviaryCore has its own; this
/// module imports nothing.)
func trap(_ message: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
  fatalError(message, file: file, line: line)
}

/// Traps with a message unless a condition holds, in every build.
func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition() { trap(message(), file: file, line: line) }
}
