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
  private(set) var otherInputs: [Variable] = []
  private(set) var output: Tensor?
  private(set) var otherOutputs: [Tensor] = []
  private(set) var isFreed = false

  // The state of the walk that is under way, which leaves it as it found it.
  /// Whether the walk asks for the derivative by a result of this node.
  var isTarget = false
  /// Whether the walk ends here, whatever lies below.
  var isBoundary = false
  var state = State.unseen
  /// Whether a target lies at or below this node.
  var isNeeded = false
  /// The cotangent of the first output, as far as it has arrived.
  private(set) var cotangent: Variable?
  /// The cotangents of the other outputs; empty where nothing has arrived for any of them.
  private(set) var otherCotangents: [Variable?] = []

  /// How far the search for needed nodes has come with a node.
  enum State { case unseen, open, done }

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
    if inputs.count > 2 { otherInputs = Array(inputs[2...]) }
    output = outputs.first
    if outputs.count > 1 { otherOutputs = Array(outputs[1...]) }
  }

  /// Lets go of everything that a derivative would need.
  func free() {
    if case .leaf = step { return }
    (first, second, output) = (nil, nil, nil)
    (otherInputs, otherOutputs) = ([], [])
    isFreed = true
  }

  deinit {
    // A long chain of nodes would otherwise be released by as deep a recursion.
    guard first?.node != nil || second?.node != nil || !otherInputs.isEmpty else { return }
    var pending: [Node] = []
    moveInputs(to: &pending)
    while var node = pending.popLast() { if isKnownUniquelyReferenced(&node) { node.moveInputs(to: &pending) } }
  }

  private func moveInputs(to pending: inout [Node]) {
    forEachBelow { pending.append($0) }
    (first, second) = (nil, nil)
    if !otherInputs.isEmpty { otherInputs = [] }
  }
}

extension Node {
  var inputCount: Int { (first == nil ? 0 : 1) + (second == nil ? 0 : 1) + otherInputs.count }
  var outputCount: Int { (output == nil ? 0 : 1) + otherOutputs.count }

  func input(_ position: Int) -> Variable {
    switch position {
    case 0: first!
    case 1: second!
    default: otherInputs[position - 2]
    }
  }

  func output(_ position: Int) -> Tensor { position == 0 ? output! : otherOutputs[position - 1] }

  /// Calls for every node that the inputs came from, once an input.
  @inline(__always)
  func forEachBelow(_ body: (Node) -> Void) {
    if let node = first?.node { body(node) }
    if let node = second?.node { body(node) }
    if !otherInputs.isEmpty { for input in otherInputs { if let node = input.node { body(node) } } }
  }

  /// Whether a target lies below.
  var needsInput: Bool {
    var found = false
    forEachBelow { found = found || $0.isNeeded }
    return found
  }

  /// Adds what arrives at an output to what has arrived before.
  func add(_ arriving: Variable, to output: Int) {
    if output == 0 {
      cotangent = cotangent.map { $0 + arriving } ?? arriving
      return
    }
    if otherCotangents.isEmpty { otherCotangents = [Variable?](repeating: nil, count: otherOutputs.count) }
    otherCotangents[output - 1] = otherCotangents[output - 1].map { $0 + arriving } ?? arriving
  }

  /// What has arrived at an output.
  func arrived(at output: Int) -> Variable? {
    output == 0 ? cotangent : (otherCotangents.isEmpty ? nil : otherCotangents[output - 1])
  }

  var hasCotangent: Bool { cotangent != nil || !otherCotangents.isEmpty }

  func clearCotangents() {
    cotangent = nil
    if !otherCotangents.isEmpty { otherCotangents = [] }
  }
}
