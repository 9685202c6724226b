import AviaryCore

/// The shape of one of a model's inputs.
public struct InputShape: Sendable, Hashable {
  /// The shape, without the batch axis.
  public var shape: Shape
  /// Whether the first axis is steps and rows may differ in their number.
  public var stepsVary: Bool
  /// The number of symbols that integers stand for; nil for other inputs.
  public var symbols: Int?

  public init(_ shape: Shape, stepsVary: Bool = false, symbols: Int? = nil) {
    self.shape = shape
    self.stepsVary = stepsVary
    self.symbols = symbols
  }
}
