import AviaryCore

/// The position of a parameter tensor in the vector that an optimizer sees.
public struct ParameterBlock: Sendable, Hashable {
  /// The parameter's full name, such as `0.dense.weight`.
  public var name: String
  /// The index of its first element in the vector.
  public var offset: Int
  public var shape: Shape

  public init(_ name: String, offset: Int, shape: Shape) {
    self.name = name
    self.offset = offset
    self.shape = shape
  }

  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// Whether it has at least two axes, as weights do and biases do not.
  public var isMatrix: Bool { shape.rank > 1 }

  /// Its elements in a vector like the parameters.
  func piece(of vector: Tensor) -> Tensor { vector.flatView(from: offset, shape: [count]) }
}
