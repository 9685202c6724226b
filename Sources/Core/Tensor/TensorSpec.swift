/// The shape and element type of a tensor, without values; shape rules map these.
public struct TensorSpec: Sendable, Hashable, CustomStringConvertible {
  /// The lengths of the axes.
  public var shape: Shape
  /// The type of the elements.
  public var dtype: DType

  public init(_ shape: Shape, _ dtype: DType) {
    self.shape = shape
    self.dtype = dtype
  }

  /// The size of a contiguous tensor in bytes. Traps on overflow.
  public var byteCount: Int {
    let (bytes, overflow) = shape.elementCount.multipliedReportingOverflow(by: dtype.byteCount)
    require(!overflow, "a tensor \(self) needs too many bytes")
    return bytes
  }

  /// `float32[32, 784]`.
  public var description: String { "\(dtype.name)\(shape)" }
}

/// An error for operands that do not fit an operation: the operation, the operands, and the rule they break.
public struct ShapeError: Error, Hashable, CustomStringConvertible {
  /// The operation's name.
  public var operation: String
  /// The operands' shapes and types.
  public var operands: [TensorSpec]
  /// The broken rule.
  public var rule: String

  public init(_ operation: String, _ operands: [TensorSpec], _ rule: String) {
    self.operation = operation
    self.operands = operands
    self.rule = rule
  }

  /// `matmul(float32[2, 3], float32[4, 5]): inner dimensions must agree: 3 and 4`.
  public var description: String {
    "\(operation)(\(operands.map(\.description).joined(separator: ", "))): \(rule)"
  }
}
