import AviaryCore

/// One parameter tensor in the vector that an optimizer sees.
public struct ParameterBlock: Sendable, Hashable {
  /// The parameter's full name, `0.dense.weight`.
  public var name: String
  /// Where it begins in the vector.
  public var offset: Int
  /// Its shape.
  public var shape: Shape

  /// A tensor's place.
  public init(_ name: String, offset: Int, shape: Shape) {
    self.name = name
    self.offset = offset
    self.shape = shape
  }

  /// How many numbers it has.
  public var count: Int { shape.elementCount }

  /// Whether it has at least two axes, as weights have and biases have not.
  public var isMatrix: Bool { shape.rank > 1 }

  /// Its numbers in a vector like the parameters.
  func piece(of vector: Tensor) -> Tensor { vector.flatView(from: offset, shape: [count]) }
}
