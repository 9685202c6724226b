/// One step of a computation, as data: a name with attributes, a shape rule, and how its values come about.
///
/// Everything that computes is a primitive: the operations of ``TensorProtocol`` make one and apply it. A ``Backend`` executes it; the
/// processor's backend calls ``evaluate(_:_:)``. A fused primitive also tells the ``composition(of:)`` of simpler ones that it stands
/// for: it runs where a backend declines the primitive, it is the reference in tests, and it is what second derivatives are taken of.
///
/// A primitive of your own enters by the same door, from any package:
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
/// Its derivative is declared in the module AviaryAutograd, by conforming to `DifferentiablePrimitive`.
public protocol Primitive: Sendable {
  /// The operation's name, as it appears in messages and in exported graphs: `"matmul"`.
  var name: String { get }

  /// The shape rule: what comes out for inputs of these shapes and types. Throws where they do not fit.
  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec]

  /// Computes the outputs on the processor. `specs` are those of the shape rule. Returns nil to decline; then the composition runs.
  /// Default: declines.
  func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]?

  /// The same values from simpler primitives, or nil (the default) for one that is not fused.
  func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]?
}

extension Primitive {
  /// Declines.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? { nil }

  /// None.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? { nil }
}

/// What executes primitives and owns the memory of tensors: the processor, or a device that a target of its own adds.
public protocol Backend: AnyObject, Sendable {
  /// The backend's name: `"cpu"`.
  var name: String { get }

  /// Computes a primitive's outputs, or returns nil to decline it; then its composition is run.
  func execute(_ primitive: any Primitive, on inputs: [Tensor], producing specs: [TensorSpec]) -> [Tensor]?
}

/// The processor: runs each primitive's own ``Primitive/evaluate(_:_:)`` over the kernels.
public final class CPUBackend: Backend {
  /// `"cpu"`.
  public let name = "cpu"

  /// A backend on the processor.
  public init() {}

  /// Asks the primitive itself.
  public func execute(_ primitive: any Primitive, on inputs: [Tensor], producing specs: [TensorSpec]) -> [Tensor]? {
    primitive.evaluate(inputs, specs)
  }
}

extension Backend {
  /// Runs a primitive: the shape rule, then the backend's own code for it, else its composition.
  ///
  /// Throws ``ShapeError`` where the operands do not fit, or where neither the backend nor a composition can compute the primitive.
  public func run(_ primitive: any Primitive, on inputs: [Tensor]) throws(ShapeError) -> [Tensor] {
    let specs = try primitive.outputSpecs(for: inputs.map(\.spec))
    for spec in specs where spec.shape.checkedElementCount == nil {
      throw ShapeError(
        primitive.name, inputs.map(\.spec), "the result \(spec) would have more elements than can be counted")
    }
    if let outputs = execute(primitive, on: inputs, producing: specs) { return outputs }
    if let outputs = primitive.composition(of: inputs) { return outputs }
    throw ShapeError(
      primitive.name, inputs.map(\.spec),
      "the backend '\(name)' does not compute it for these types and it has no composition")
  }
}
