import AviaryCore

/// The number of inputs and outputs of a unit, by which Glorot and He initializers scale.
public struct Fans: Sendable, Hashable {
  /// Inputs per unit.
  public var input: Int
  /// Outputs per input.
  public var output: Int

  public init(input: Int, output: Int) {
    self.input = input
    self.output = output
  }

  /// The fans of weights [in, out] or filters [height, width, in, out]; for a vector, both are its length.
  public init(_ shape: Shape) {
    guard shape.rank >= 2 else {
      self.init(input: shape.elementCount, output: shape.elementCount)
      return
    }
    let area = shape.dropLast(2).reduce(1, *)
    self.init(input: area * shape[-2], output: area * shape[-1])
  }
}
