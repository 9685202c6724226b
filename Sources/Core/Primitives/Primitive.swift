/// A step of a computation as data: a name with attributes, a shape rule, and an implementation.
///
/// Everything that computes is a primitive: the operations of ``TensorProtocol`` make one and apply it. A ``Backend``
/// executes it; the processor's backend calls ``evaluate(_:_:)``. A fused primitive also has a ``composition(of:)`` of
/// simpler ones, which runs if a backend declines the primitive, serves as the reference in tests, and gives second
/// derivatives.
///
/// Other packages can add primitives in the same way:
///
/// ```swift
/// struct Cube: Primitive {
///   let name = "cube"
///   func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { [inputs[0]] }
///   func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? { [inputs[0] * inputs[0] * inputs[0]] }
/// }
/// let y = Tensor.apply(Cube(), to: [x])[0]
/// ```
///
/// Its derivative is a conformance to `DifferentiablePrimitive` in AviaryAutograd.
public protocol Primitive: Sendable {
  /// The operation's name for messages and exported graphs: `"matmul"`.
  var name: String { get }

  /// The shape rule: the outputs' specs for inputs with these specs. Throws if they do not fit.
  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec]

  /// Computes the outputs on the processor. `specs` are those of the shape rule. Returns nil (the default) to decline,
  /// and the composition runs.
  func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]?

  /// The same values from simpler primitives, or nil (the default) if the primitive is not fused.
  func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]?
}

extension Primitive {
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? { nil }

  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? { nil }
}

/// Executes primitives and owns the memory of tensors: the processor, or a device added by another target.
public protocol Backend: AnyObject, Sendable {
  /// The backend's name: `"cpu"`.
  var name: String { get }

  /// Computes a primitive's outputs, or returns nil to decline; then its composition runs.
  func execute(_ primitive: any Primitive, on inputs: [Tensor], producing specs: [TensorSpec]) -> [Tensor]?
}

/// The processor backend, which runs each primitive's ``Primitive/evaluate(_:_:)``.
public final class CPUBackend: Backend {
  public let name = "cpu"

  public init() {}

  public func execute(_ primitive: any Primitive, on inputs: [Tensor], producing specs: [TensorSpec]) -> [Tensor]? {
    primitive.evaluate(inputs, specs)
  }
}

extension Backend {
  /// Runs a primitive: the shape rule, then the backend's implementation or else the composition.
  ///
  /// Throws ``ShapeError`` if the operands do not fit, or if neither backend nor composition can compute the primitive.
  public func run(_ primitive: any Primitive, on inputs: [Tensor]) throws(ShapeError) -> [Tensor] {
    let specs = try primitive.outputSpecs(for: inputs.map(\.spec))
    for spec in specs where spec.shape.checkedElementCount == nil {
      throw ShapeError(
        primitive.name, inputs.map(\.spec), "the result \(spec) would have too many elements")
    }
    if let outputs = execute(primitive, on: inputs, producing: specs) { return outputs }
    if let outputs = primitive.composition(of: inputs) { return outputs }
    throw ShapeError(
      primitive.name, inputs.map(\.spec),
      "the backend '\(name)' does not support it for these types, and it has no composition")
  }
}
