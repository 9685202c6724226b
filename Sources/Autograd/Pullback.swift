import AviaryCore

/// The context of a derivative rule: a primitive's operands and results, and the cotangents of the results.
public struct Pullback {
  let node: Node
  /// Whether the rule's operations are recorded, for derivatives of the derivative.
  let isRecorded: Bool

  /// The primitive's inputs.
  public var inputs: Operands { Operands(node: node, isInput: true, isRecorded: isRecorded) }

  /// The primitive's results.
  public var outputs: Operands { Operands(node: node, isInput: false, isRecorded: isRecorded) }

  /// The cotangents of the results; nil for a result without one.
  public var cotangents: [Variable?] { (0..<node.outputCount).map { node.arrived(at: $0) } }

  /// The cotangent of a result; zeros if it has none.
  public func cotangent(_ output: Int = 0) -> Variable {
    if let arrived = node.arrived(at: output) { return arrived }
    let value = node.output(output)
    return Variable(Tensor.zeros(value.shape, dtype: value.dtype))
  }

  /// Whether the derivative with respect to this input is needed; a rule may skip the others.
  public func needs(_ input: Int) -> Bool { node.below(input)?.isNeeded == true }

  /// The derivatives through the primitive's composition. Throws if it has none.
  public func throughComposition() throws -> [Variable?] {
    try through { aliases in
      guard let results = node.primitive?.composition(of: aliases) else {
        throw DifferentiationError.noDerivative(primitive: node.primitive?.name ?? "leaf")
      }
      return results
    }
  }

  /// The derivatives through a function of the inputs that gives the same results.
  func through(_ function: ([Variable]) throws -> [Variable]) throws -> [Variable?] {
    // Aliases of the inputs, at which the walk through the function ends.
    let aliases = inputs.map { $0.dtype.isDifferentiable ? Alias.of($0) : $0 }
    let results = try function(aliases)
    for alias in aliases { alias.node?.isBoundary = true }
    defer { for alias in aliases { alias.node?.isBoundary = false } }
    let wanted = aliases.indices.filter { needs($0) }
    let found = try Walk(
      from: zip(results, cotangents).compactMap { result, cotangent in cotangent.map { (result, $0) } },
      to: wanted.map { aliases[$0] }, retaining: false, recording: isRecorded
    ).run()
    var gradients = [Variable?](repeating: nil, count: aliases.count)
    for (place, gradient) in zip(wanted, found) { gradients[place] = gradient }
    return gradients
  }
}

/// The inputs or results of a recorded primitive, as variables: constants if the rule is not recorded, or if they are
/// integers or `bool`.
public struct Operands: RandomAccessCollection {
  let node: Node
  let isInput: Bool
  let isRecorded: Bool

  public var startIndex: Int { 0 }

  /// The number of operands.
  public var endIndex: Int { isInput ? node.inputCount : node.outputCount }

  /// The variable at a position.
  public subscript(position: Int) -> Variable {
    if isInput { return isRecorded ? node.input(position) : node.input(position).detached() }
    let value = node.output(position)
    return Variable(value, isRecorded && value.dtype.isDifferentiable ? node : nil, position)
  }
}

/// The identity: another name for a variable.
struct Alias: DifferentiablePrimitive {
  let name = "alias"
  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { inputs }
  func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? { inputs }
  func pullback(_ pullback: Pullback) throws -> [Variable?] { pullback.cotangents }

  /// A tracked variable with the same value, whose derivatives flow on to the original if that is tracked.
  static func of(_ variable: Variable) -> Variable {
    Variable(
      variable.value, variable.isTracked ? Node(.differentiable(Alias()), variable, output: variable.value) : Node(), 0)
  }
}
