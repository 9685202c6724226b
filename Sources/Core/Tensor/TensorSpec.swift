/// What is known of a tensor before it has values: its shape and element type. Shape rules map these.
public struct TensorSpec: Sendable, Hashable, CustomStringConvertible {
  /// The lengths of the axes.
  public var shape: Shape
  /// The type of the elements.
  public var dtype: DType

  /// A description of a tensor.
  public init(_ shape: Shape, _ dtype: DType) {
    self.shape = shape
    self.dtype = dtype
  }

  /// Bytes that a contiguous tensor of this description takes. Traps where they are more than an `Int` can count.
  public var byteCount: Int {
    let (bytes, overflow) = shape.elementCount.multipliedReportingOverflow(by: dtype.byteCount)
    require(!overflow, "a tensor \(self) takes more bytes than can be counted")
    return bytes
  }

  /// `float32[32, 784]`.
  public var description: String { "\(dtype.name)\(shape)" }
}

/// Operands that do not fit an operation: which operation, what it was given, and the rule they break.
public struct ShapeError: Error, Hashable, CustomStringConvertible {
  /// The operation's name.
  public var operation: String
  /// The operands' shapes and types.
  public var operands: [TensorSpec]
  /// The rule in words.
  public var rule: String

  /// An error of the given operation.
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
