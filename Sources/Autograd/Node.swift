import AviaryCore

/// A recorded application of a primitive: an inner node of the graph, or a leaf, which a derivative is asked by.
///
/// Two inputs and one output lie in the node itself, so that the record of a common operation is one allocation.
final class Node {
  /// What a node records.
  enum Step {
    /// Nothing: a variable that was made from numbers.
    case leaf
    /// A primitive whose rule is known. Finding it later means searching the program's conformances.
    case differentiable(any DifferentiablePrimitive)
    /// A primitive of which that is not known yet.
    case primitive(any Primitive)
  }

  let step: Step
  /// What it was applied to, and what came out; let go when the graph is freed.
  private(set) var first: Variable?
  private(set) var second: Variable?
  private(set) var output: Tensor?
  /// What does not fit above.
  private(set) var rest: Rest?
  private(set) var isFreed = false

  // The state of the walk that is under way, which leaves it as it found it.
  /// Whether the walk asks for the derivative by a result of this node.
  var isTarget = false
  /// Whether the walk ends here, whatever lies below.
  var isBoundary = false
  /// How far the search for needed nodes has come with this one.
  var state = State.unseen
  /// Whether a target lies at or below this node.
  var isNeeded = false
  /// The cotangent of the first output, as far as it has arrived; those of the others are in `rest`.
  private(set) var cotangent: Variable?

  enum State { case unseen, open, done }

  /// The inputs from the third on, the outputs from the second on, and what has arrived at these.
  struct Rest {
    var inputs: [Variable]
    var outputs: [Tensor]
    var cotangents: [Variable?]
  }

  /// A leaf.
  init() { step = .leaf }

  init(_ primitive: any DifferentiablePrimitive, _ first: Variable, _ second: Variable? = nil, output: Tensor) {
    step = .differentiable(primitive)
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
      let others = outputs.dropFirst()
      rest = Rest(
        inputs: Array(inputs.dropFirst(2)), outputs: Array(others), cotangents: others.map { _ in nil })
    }
  }

  /// Lets go of everything that a derivative would need.
  func free() {
    if case .leaf = step { return }
    first = nil
    second = nil
    output = nil
    rest = nil
    isFreed = true
  }

  deinit {
    // A long chain of nodes would otherwise be released by as deep a recursion.
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

  /// Adds what arrives at an output to what has arrived before.
  func add(_ arriving: Variable, to output: Int) {
    if let before = arrived(at: output) {
      set(before + arriving, at: output)
    } else {
      set(arriving, at: output)
    }
  }

  /// What has arrived at an output.
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
  /// What was applied; nil for a leaf.
  var primitive: (any Primitive)? {
    switch step {
    case .leaf: nil
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

  /// What an input came from; nil for a constant.
  func below(_ position: Int) -> Node? {
    switch position {
    case 0: first?.node
    case 1: second?.node
    default: rest?.inputs[position - 2].node
    }
  }

  func output(_ position: Int) -> Tensor { position == 0 ? output! : rest!.outputs[position - 1] }

  /// Calls for every node that the inputs came from, once an input.
  @inline(__always)
  func forEachBelow(_ body: (Node) -> Void) {
    if let node = first?.node { body(node) }
    if let node = second?.node { body(node) }
    if let rest { for input in rest.inputs { if let node = input.node { body(node) } } }
  }

  /// Whether a target lies below.
  var needsInput: Bool {
    if first?.node?.isNeeded == true || second?.node?.isNeeded == true { return true }
    return rest?.inputs.contains { $0.node?.isNeeded == true } ?? false
  }
}
