import AviaryCore

/// How many inputs and outputs a unit has: what Glorot's and He's initial values are scaled by.
public struct Fans: Sendable, Hashable {
  /// Inputs of a unit.
  public var input: Int
  /// Outputs that an input reaches.
  public var output: Int

  /// Given fans.
  public init(input: Int, output: Int) {
    self.input = input
    self.output = output
  }

  /// The fans of weights [in, out] or filters [height, width, in, out]; of a vector its length, twice.
  public init(_ shape: Shape) {
    guard shape.rank >= 2 else {
      self.init(input: shape.elementCount, output: shape.elementCount)
      return
    }
    let area = shape.dropLast(2).reduce(1, *)
    self.init(input: area * shape[-2], output: area * shape[-1])
  }
}
