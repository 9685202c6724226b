/// The operations shared by tensors and variables, each written once over ``apply(_:to:file:line:)``.
///
/// `Tensor` computes values; `Variable` (AviaryAutograd) also records them for derivatives. Because every operation is
/// an extension of this protocol, both have the same operations by construction.
///
/// Names and broadcasting follow NumPy. Both operands of an operation must have the same ``DType``; a `Double` operand
/// takes the tensor's type. Negative axes count from the end.
public protocol TensorProtocol {
  /// The lengths of the axes.
  var shape: Shape { get }
  /// The type of the elements.
  var dtype: DType { get }
  /// A constant: no derivative flows into it.
  init(_ constant: Tensor)
  /// Applies a primitive. Traps if the operands do not fit, with the operation, the shapes and the rule.
  static func apply(_ primitive: any Primitive, to inputs: [Self], file: StaticString, line: UInt) -> [Self]
  /// Like ``apply(_:to:file:line:)``, without arrays, which would cost more than the work on a few elements.
  static func elementwise(_ function: Unary, _ x: Self, file: StaticString, line: UInt) -> Self
  /// Like ``apply(_:to:file:line:)``, without arrays.
  static func elementwise(_ function: BinaryScalar, _ x: Self, file: StaticString, line: UInt) -> Self
  /// Like ``apply(_:to:file:line:)``, without arrays.
  static func elementwise(_ function: Binary, _ x: Self, _ y: Self, file: StaticString, line: UInt) -> Self
}

extension TensorProtocol {
  /// The number of axes.
  public var rank: Int { shape.rank }

  /// Shape and type.
  public var spec: TensorSpec { TensorSpec(shape, dtype) }

  /// Applies a primitive with any number of outputs.
  public static func apply(
    _ primitive: any Primitive, to inputs: [Self], at file: StaticString = #fileID, _ line: UInt = #line
  ) -> [Self] { apply(primitive, to: inputs, file: file, line: line) }

  /// Applies a primitive with one output.
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

  /// The axis counted from the front. Traps if there is no such axis.
  func axis(_ axis: Int, _ operation: String, _ file: StaticString, _ line: UInt) -> Int {
    guard axis < rank && axis >= -rank else {
      trap("\(operation)(\(spec)): there is no axis \(axis)", file, line)
    }
    return axis < 0 ? axis + rank : axis
  }

  /// A scalar constant of this value's type. Traps on a fraction with an integer type, which would lose it.
  package func constant(_ value: Double) -> Self {
    require(
      !dtype.isInteger || value == value.rounded(.towardZero),
      "cannot combine the number \(value) with an integer tensor \(spec); cast the tensor")
    return Self(Tensor(repeating: value, shape: [], dtype: dtype))
  }
}

extension Tensor: TensorProtocol {
  public init(_ constant: Tensor) { self = constant }

  public static let backend: any Backend = CPUBackend()

  public static func apply(
    _ primitive: any Primitive, to inputs: [Tensor], file: StaticString, line: UInt
  ) -> [Tensor] {
    do { return try backend.run(primitive, on: inputs) } catch { trap(error.description, file, line) }
  }

  public static func elementwise(_ function: Unary, _ x: Tensor, file: StaticString, line: UInt) -> Tensor {
    function.quickly(x) ?? apply(function, to: [x], file: file, line: line)[0]
  }

  public static func elementwise(_ function: BinaryScalar, _ x: Tensor, file: StaticString, line: UInt) -> Tensor {
    function.quickly(x) ?? apply(function, to: [x], file: file, line: line)[0]
  }

  public static func elementwise(
    _ function: Binary, _ x: Tensor, _ y: Tensor, file: StaticString, line: UInt
  ) -> Tensor {
    function.quickly(x, y) ?? apply(function, to: [x, y], file: file, line: line)[0]
  }
}
