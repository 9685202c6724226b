import AviaryCore

/// What one of a model's inputs looks like.
public struct InputShape: Sendable, Hashable {
  /// The shape, without the batch axis.
  public var shape: Shape
  /// Whether the first axis is steps, of which some rows have fewer than others.
  public var stepsVary: Bool
  /// How many symbols its whole numbers stand for; nil for other inputs.
  public var symbols: Int?

  /// An input.
  public init(_ shape: Shape, stepsVary: Bool = false, symbols: Int? = nil) {
    self.shape = shape
    self.stepsVary = stepsVary
    self.symbols = symbols
  }
}
