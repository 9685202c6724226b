/// What tensors and variables have in common: the operations, each written once over ``apply(_:to:file:line:)``.
///
/// `Tensor` computes values; `Variable` (AviaryAutograd) computes the same and remembers how, for derivatives. Because
/// every operation is an extension of this protocol, the two lists are equal by construction.
///
/// Names and broadcasting follow NumPy. Both operands of an operation have the same ``DType``; a `Double` beside a
/// tensor takes the tensor's type. Negative axes count from the end.
public protocol TensorProtocol {
  /// The lengths of the axes.
  var shape: Shape { get }
  /// The type of the elements.
  var dtype: DType { get }
  /// A constant: no derivative flows into it.
  init(_ constant: Tensor)
  /// Applies a primitive. Traps where the operands do not fit, with the operation, the shapes and the rule.
  static func apply(_ primitive: any Primitive, to inputs: [Self], file: StaticString, line: UInt) -> [Self]
  /// What ``apply(_:to:file:line:)`` does, without its lists: they would cost more than the work on a few elements.
  static func elementwise(_ function: Unary, _ x: Self, file: StaticString, line: UInt) -> Self
  /// What ``apply(_:to:file:line:)`` does, without its lists.
  static func elementwise(_ function: BinaryScalar, _ x: Self, file: StaticString, line: UInt) -> Self
  /// What ``apply(_:to:file:line:)`` does, without its lists.
  static func elementwise(_ function: Binary, _ x: Self, _ y: Self, file: StaticString, line: UInt) -> Self
}

extension TensorProtocol {
  /// The number of axes.
  public var rank: Int { shape.rank }

  /// Shape and type.
  public var spec: TensorSpec { TensorSpec(shape, dtype) }

  /// Applies a primitive of any number of outputs.
  public static func apply(
    _ primitive: any Primitive, to inputs: [Self], at file: StaticString = #fileID, _ line: UInt = #line
  ) -> [Self] { apply(primitive, to: inputs, file: file, line: line) }

  /// Applies a primitive of one output.
  public static func applying(
    _ primitive: any Primitive, _ inputs: Self..., file: StaticString = #fileID, line: UInt = #line
  ) -> Self { apply(primitive, to: inputs, file: file, line: line)[0] }

  /// Applies an elementwise function of one operand.
  @inlinable
  public static func elementwise(
    _ function: Unary, _ x: Self, at file: StaticString = #fileID, _ line: UInt = #line
  ) -> Self { elementwise(function, x, file: file, line: line) }

  /// Applies an elementwise function of an operand and a number.
  @inlinable
  public static func elementwise(
    _ function: BinaryScalar, _ x: Self, at file: StaticString = #fileID, _ line: UInt = #line
  ) -> Self { elementwise(function, x, file: file, line: line) }

  /// Applies an elementwise function of two operands.
  @inlinable
  public static func elementwise(
    _ function: Binary, _ x: Self, _ y: Self, at file: StaticString = #fileID, _ line: UInt = #line
  ) -> Self { elementwise(function, x, y, file: file, line: line) }

  /// The axis counted from the front. Traps where the value has none of that number.
  func axis(_ axis: Int, _ operation: String, _ file: StaticString, _ line: UInt) -> Int {
    guard axis < rank && axis >= -rank else {
      trap("\(operation)(\(spec)): there is no axis \(axis)", file, line)
    }
    return axis < 0 ? axis + rank : axis
  }

  /// A scalar constant of this value's type. Traps on a fraction beside whole numbers, which would be lost.
  package func constant(_ value: Double) -> Self {
    require(
      !dtype.isInteger || value == value.rounded(.towardZero),
      "the number \(value) beside a tensor \(spec) of whole numbers; cast the tensor")
    return Self(Tensor(repeating: value, shape: [], dtype: dtype))
  }
}

extension Tensor: TensorProtocol {
  /// The tensor itself.
  public init(_ constant: Tensor) { self = constant }

  /// The processor.
  public static let backend: any Backend = CPUBackend()

  /// Computes a primitive's outputs.
  public static func apply(
    _ primitive: any Primitive, to inputs: [Tensor], file: StaticString, line: UInt
  ) -> [Tensor] {
    do { return try backend.run(primitive, on: inputs) } catch { trap(error.description, file, line) }
  }

  /// Computes a function of one operand.
  public static func elementwise(_ function: Unary, _ x: Tensor, file: StaticString, line: UInt) -> Tensor {
    function.quickly(x) ?? apply(function, to: [x], file: file, line: line)[0]
  }

  /// Computes a function of an operand and a number.
  public static func elementwise(_ function: BinaryScalar, _ x: Tensor, file: StaticString, line: UInt) -> Tensor {
    function.quickly(x) ?? apply(function, to: [x], file: file, line: line)[0]
  }

  /// Computes a function of two operands.
  public static func elementwise(
    _ function: Binary, _ x: Tensor, _ y: Tensor, file: StaticString, line: UInt
  ) -> Tensor {
    function.quickly(x, y) ?? apply(function, to: [x, y], file: file, line: line)[0]
  }
}
