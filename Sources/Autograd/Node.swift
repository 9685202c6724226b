import AviaryCore

/// A recorded application of a primitive: an inner node of the graph, or a leaf, which has no primitive.
final class Node {
  /// What was applied; nil in a leaf.
  let primitive: (any Primitive)?
  /// The primitive's derivative rule, where it is known already: finding it takes a search through conformances.
  let rule: (any DifferentiablePrimitive)?
  /// What it was applied to; emptied when the graph is freed.
  private(set) var inputs: Few<Variable>
  /// What came out, for rules that are written with the results; emptied when the graph is freed.
  private(set) var outputs: Few<Tensor>
  private(set) var isFreed = false

  // The state of the walk that is under way, which leaves it as it found it.
  /// Whether the walk asks for the derivative by a result of this node.
  var isTarget = false
  /// Whether the walk ends here, whatever lies below.
  var isBoundary = false
  var isVisited = false
  /// Whether a target lies at or below this node.
  var isNeeded = false
  /// The cotangent of the first output, as far as it has arrived.
  var cotangent: Variable?
  /// The cotangents of the other outputs; empty where nothing has arrived for any of them.
  var otherCotangents: [Variable?] = []

  /// A leaf.
  init() {
    primitive = nil
    rule = nil
    inputs = .none
    outputs = .none
  }

  init(
    _ primitive: any Primitive, rule: (any DifferentiablePrimitive)? = nil, inputs: Few<Variable>,
    outputs: Few<Tensor>
  ) {
    self.primitive = primitive
    self.rule = rule
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Adds what arrives at an output to what has arrived before.
  func add(_ arriving: Variable, to output: Int) {
    if output == 0 {
      cotangent = cotangent.map { $0 + arriving } ?? arriving
      return
    }
    if otherCotangents.isEmpty { otherCotangents = [Variable?](repeating: nil, count: outputs.count - 1) }
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

  /// Lets go of everything that a derivative would need.
  func free() {
    guard primitive != nil else { return }
    inputs = .none
    outputs = .none
    isFreed = true
  }

  deinit {
    if case .none = inputs { return }
    // A long chain of nodes would otherwise be released by as deep a recursion.
    var pending = inputs.compactMap(\.node)
    inputs = .none
    while var node = pending.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      for input in node.inputs { if let below = input.node { pending.append(below) } }
      node.inputs = .none
    }
  }
}
