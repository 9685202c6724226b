import AviaryCore

/// The computation of variables from others as a list of applied primitives, for exports to other programs.
///
/// ```swift
/// let x = Variable(tracking: input)
/// let recording = Recording(of: [model(x)], from: [x])
/// for step in recording.steps { print(step.primitive.name) }
/// ```
package struct Recording {
  /// An operand of a primitive.
  package enum Operand {
    /// An input of the recording.
    case input(Int)
    /// A value that does not depend on the inputs.
    case constant(Tensor)
    /// An output of an earlier step.
    case result(step: Int, output: Int)
  }

  /// An applied primitive.
  package struct Step {
    package let primitive: any Primitive
    package let operands: [Operand]
    /// The operands' values.
    package let inputs: [Tensor]
    package let outputs: [Tensor]
  }

  /// The steps, each after those whose outputs it uses.
  package private(set) var steps: [Step] = []
  /// The recorded variables.
  package private(set) var results: [Operand] = []

  private var places: [ObjectIdentifier: Int] = [:]
  private var beginnings: [ObjectIdentifier: Int] = [:]

  /// Records the computation of `results` from tracked variables.
  package init(of outputs: [Variable], from inputs: [Variable]) {
    for (index, input) in inputs.enumerated() {
      if let node = input.node { beginnings[ObjectIdentifier(node)] = index }
    }
    for output in outputs { if let node = output.node { visit(node) } }
    results = outputs.map(operand)
  }

  /// Appends a node after all nodes below it.
  private mutating func visit(_ root: Node) {
    var pending = [(node: root, isDone: false)]
    while let (node, isDone) = pending.popLast() {
      let key = ObjectIdentifier(node)
      guard places[key] == nil, beginnings[key] == nil, let primitive = node.primitive else { continue }
      guard isDone else {
        pending.append((node, true))
        node.forEachBelow { pending.append(($0, false)) }
        continue
      }
      let operands = (0..<node.inputCount).map { node.input($0) }
      places[key] = steps.count
      steps.append(
        Step(
          primitive: primitive, operands: operands.map(operand), inputs: operands.map(\.value),
          outputs: (0..<node.outputCount).map { node.output($0) }))
    }
  }

  private func operand(_ variable: Variable) -> Operand {
    guard let node = variable.node else { return .constant(variable.value) }
    if let index = beginnings[ObjectIdentifier(node)] { return .input(index) }
    guard let place = places[ObjectIdentifier(node)] else { return .constant(variable.value) }
    return .result(step: place, output: variable.output)
  }
}
