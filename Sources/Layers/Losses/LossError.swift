/// An error for outputs and targets that do not match a loss.
public struct LossError: Error, Hashable, CustomStringConvertible {
  /// What was found, what is expected, and the remedy.
  public let description: String

  public init(_ description: String) { self.description = description }
}
