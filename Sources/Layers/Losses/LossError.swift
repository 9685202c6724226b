/// Outputs and targets that do not fit a loss.
public struct LossError: Error, Hashable, CustomStringConvertible {
  /// What was given, what is expected, and the remedy.
  public let description: String

  /// An error of a loss.
  public init(_ description: String) { self.description = description }
}
