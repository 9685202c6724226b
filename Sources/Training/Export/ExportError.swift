/// Why a model cannot be exported.
public struct ExportError: Error, Hashable, CustomStringConvertible {
  /// The problem and the remedy.
  public let description: String

  public init(_ description: String) { self.description = description }
}
