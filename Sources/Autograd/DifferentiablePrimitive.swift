import AviaryCore

/// A primitive with a derivative rule.
///
/// ```swift
/// extension Cube: DifferentiablePrimitive {                       // y = x³,  dx = 3·x²·dy
///   func pullback(_ pullback: Pullback) throws -> [Variable?] {
///     [pullback.inputs[0].square() * 3 * pullback.cotangent()]
///   }
/// }
/// ```
///
/// Rules are written with operations of `Variable`, so that derivatives of derivatives follow. A primitive without a rule but with a
/// composition is differentiated through the composition; one with neither throws ``DifferentiationError`` when a derivative is asked
/// through it, never a silent zero.
public protocol DifferentiablePrimitive: Primitive {
  /// The cotangents of the inputs from those of the outputs: cotangent(input) = Σ cotangent(output) · ∂output/∂input. nil
  /// stands for zero, or for an input that needs none.
  func pullback(_ pullback: Pullback) throws -> [Variable?]
}

/// What a derivative rule works with.
public struct Pullback {
  /// The primitive's inputs.
  public let inputs: [Variable]
  /// Its results.
  public let outputs: [Variable]
  /// The cotangents of the results; nil where nothing arrived.
  public let cotangents: [Variable?]
  let needed: [Bool]
  let primitive: any Primitive

  /// Whether anybody wants the derivative by this input: a rule may skip the work for others.
  public func needs(_ input: Int) -> Bool { needed[input] }

  /// The cotangent of a result; zeros where nothing arrived.
  public func cotangent(_ output: Int = 0) -> Variable {
    cotangents[output] ?? Variable(Tensor.zeros(outputs[output].shape, dtype: outputs[output].dtype))
  }

  /// The derivatives through the primitive's composition. Throws where it has none.
  public func throughComposition() throws -> [Variable?] {
    // Fresh names for the inputs, so that the walk ends at them.
    let aliases = inputs.map { input in
      input.dtype.isDifferentiable
        ? Variable(input.value, Node(primitive: Alias(), inputs: [input], outputs: [input.value]), 0) : input
    }
    guard let results = primitive.composition(of: aliases) else {
      throw DifferentiationError.noDerivative(primitive: primitive.name)
    }
    let wanted = inputs.indices.filter { needed[$0] }
    let found = try Walk(
      from: zip(results, cotangents).compactMap { result, cotangent in cotangent.map { (result, $0) } },
      to: wanted.map { aliases[$0] }, retaining: true, recording: inputs.contains(where: \.isTracked)
    ).run()
    var gradients = [Variable?](repeating: nil, count: inputs.count)
    for (place, gradient) in zip(wanted, found) { gradients[place] = gradient }
    return gradients
  }
}

/// y = x: another name for a variable.
struct Alias: DifferentiablePrimitive {
  let name = "alias"
  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { inputs }
  func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? { inputs }
  func pullback(_ pullback: Pullback) throws -> [Variable?] { pullback.cotangents }
}

/// Why a derivative cannot be had.
public enum DifferentiationError: Error, Hashable, CustomStringConvertible {
  /// The primitive on the way declares no derivative.
  case noDerivative(primitive: String)
  /// The function is constant between its jumps, so that its derivative says nothing.
  case piecewiseConstant(primitive: String)
  /// An earlier derivative freed the graph.
  case graphFreed

  /// What to do about it.
  public var description: String {
    switch self {
    case .noDerivative(let primitive):
      "a derivative was asked through '\(primitive)', which has none; detach its input if none is meant to flow"
    case .piecewiseConstant(let primitive):
      "a derivative was asked through '\(primitive)', which is constant between its jumps; detach its input if zero is meant"
    case .graphFreed:
      "the graph was freed by an earlier derivative; pass retainingGraph: true to that one"
    }
  }
}
