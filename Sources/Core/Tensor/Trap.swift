/// Stops the program on a programmer's mistake: prints file, line and message to standard error in every build, and
/// traps.
///
/// `precondition` loses its message in release builds. A function that users call passes on its `file` and `line`:
///
/// ```swift
/// public func rows(_ count: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
///   require(count > 0, "rows(\(count)): need at least one row", file, line)
///   …
/// ```
@usableFromInline
package func trap(_ message: String, _ file: StaticString = #fileID, _ line: UInt = #line) -> Never {
  fatalError(message, file: file, line: line)
}

/// Traps with a message unless a condition holds, in every build.
@inlinable
package func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, _ file: StaticString = #fileID,
  _ line: UInt = #line
) {
  if !condition() { trap(message(), file, line) }
}
