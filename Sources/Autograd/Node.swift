import AviaryCore

/// A recorded application of a primitive: an inner node of the graph, or a leaf to differentiate with respect to.
///
/// Two inputs and one output are stored inline, so that recording a common operation takes one allocation.
final class Node {
  /// The recorded step.
  enum Step {
    /// A variable made from a tensor.
    case leaf
    /// An elementwise function. Its static type saves the array of cotangents and the search for its rule.
    case unary(Unary)
    /// A function of an operand and a number.
    case scalar(BinaryScalar)
    /// A function of two operands.
    case binary(Binary)
    /// A primitive whose rule is known, which saves searching for the conformance later.
    case differentiable(any DifferentiablePrimitive)
    /// A primitive whose rule has not been looked up.
    case primitive(any Primitive)
  }

  let step: Step
  /// Operands and results, released when the graph is freed.
  private(set) var first: Variable?
  private(set) var second: Variable?
  private(set) var output: Tensor?
  /// Operands and results beyond the inline ones.
  private(set) var rest: Rest?
  private(set) var isFreed = false

  // The state of the current walk, which restores it at the end.
  /// Whether the walk needs the derivative with respect to a result of this node.
  var isTarget = false
  /// Whether the walk ends here.
  var isBoundary = false
  /// The progress of the search for needed nodes.
  var state = State.unseen
  /// Whether a target is at or below this node.
  var isNeeded = false
  /// The accumulated cotangent of the first output; those of the others are in `rest`.
  private(set) var cotangent: Variable?

  enum State { case unseen, open, done }

  /// The inputs from the third, the outputs from the second, and the cotangents of these outputs.
  final class Rest {
    let inputs: [Variable]
    let outputs: [Tensor]
    var cotangents: [Variable?]

    init(inputs: [Variable], outputs: [Tensor]) {
      self.inputs = inputs
      self.outputs = outputs
      cotangents = outputs.map { _ in nil }
    }
  }

  init() { step = .leaf }

  init(_ step: Step, _ first: Variable, _ second: Variable? = nil, output: Tensor) {
    self.step = step
    self.first = first
    self.second = second
    self.output = output
  }

  init(_ primitive: any Primitive, inputs: [Variable], outputs: [Tensor]) {
    step = .primitive(primitive)
    first = inputs.first
    if inputs.count > 1 { second = inputs[1] }
    output = outputs.first
    if inputs.count > 2 || outputs.count > 1 {
      rest = Rest(inputs: Array(inputs.dropFirst(2)), outputs: Array(outputs.dropFirst()))
    }
  }

  /// Releases everything that a derivative would need.
  func free() {
    if case .leaf = step { return }
    first = nil
    second = nil
    output = nil
    rest = nil
    isFreed = true
  }

  deinit {
    // Releases a long chain iteratively; otherwise the recursion would be as deep as the chain.
    guard first?.node != nil || second?.node != nil || rest != nil else { return }
    var pending: [Node] = []
    moveInputs(to: &pending)
    while var node = pending.popLast() { if isKnownUniquelyReferenced(&node) { node.moveInputs(to: &pending) } }
  }

  private func moveInputs(to pending: inout [Node]) {
    forEachBelow { pending.append($0) }
    first = nil
    second = nil
    rest = nil
  }

  /// Adds a cotangent to that of an output.
  func add(_ arriving: Variable, to output: Int) {
    if let before = arrived(at: output) {
      set(before + arriving, at: output)
    } else {
      set(arriving, at: output)
    }
  }

  /// The accumulated cotangent of an output.
  func arrived(at output: Int) -> Variable? { output == 0 ? cotangent : rest?.cotangents[output - 1] }

  private func set(_ cotangent: Variable?, at output: Int) {
    if output == 0 {
      self.cotangent = cotangent
    } else {
      rest?.cotangents[output - 1] = cotangent
    }
  }

  var hasCotangent: Bool { cotangent != nil || (rest.map { $0.cotangents.contains { $0 != nil } } ?? false) }

  func clearCotangents() {
    cotangent = nil
    if let count = rest?.cotangents.count, count > 0 { rest?.cotangents = [Variable?](repeating: nil, count: count) }
  }
}

extension Node {
  /// The applied primitive; nil for a leaf.
  var primitive: (any Primitive)? {
    switch step {
    case .leaf: nil
    case .unary(let function): function
    case .scalar(let function): function
    case .binary(let function): function
    case .differentiable(let primitive): primitive
    case .primitive(let primitive): primitive
    }
  }

  var inputCount: Int { (first == nil ? 0 : 1) + (second == nil ? 0 : 1) + (rest?.inputs.count ?? 0) }
  var outputCount: Int { (output == nil ? 0 : 1) + (rest?.outputs.count ?? 0) }

  func input(_ position: Int) -> Variable {
    switch position {
    case 0: first!
    case 1: second!
    default: rest!.inputs[position - 2]
    }
  }

  /// The node of an input; nil for a constant.
  func below(_ position: Int) -> Node? {
    switch position {
    case 0: first?.node
    case 1: second?.node
    default: rest?.inputs[position - 2].node
    }
  }

  /// The value of an input.
  func inputValue(_ position: Int) -> Tensor {
    switch position {
    case 0: first!.value
    case 1: second!.value
    default: rest!.inputs[position - 2].value
    }
  }

  /// The index of an input among the outputs of its node.
  func outputBelow(_ position: Int) -> Int {
    switch position {
    case 0: first!.output
    case 1: second!.output
    default: rest!.inputs[position - 2].output
    }
  }

  func output(_ position: Int) -> Tensor { position == 0 ? output! : rest!.outputs[position - 1] }

  /// Calls the body for the node of each input.
  @inline(__always)
  func forEachBelow(_ body: (Node) -> Void) {
    if let node = first?.node { body(node) }
    if let node = second?.node { body(node) }
    if let rest { for input in rest.inputs { if let node = input.node { body(node) } } }
  }

  /// Whether a target is below.
  var needsInput: Bool {
    if first?.node?.isNeeded == true || second?.node?.isNeeded == true { return true }
    return rest?.inputs.contains { $0.node?.isNeeded == true } ?? false
  }
}
