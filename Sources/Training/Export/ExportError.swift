/// What cannot be written for another program.
public struct ExportError: Error, Hashable, CustomStringConvertible {
  /// What cannot be written, and the remedy.
  public let description: String

  /// An error of an export.
  public init(_ description: String) { self.description = description }
}
