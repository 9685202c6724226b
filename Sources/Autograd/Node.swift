import AviaryCore

/// A recorded application of a primitive: an inner node of the graph, or a leaf, which has no primitive.
final class Node {
  let primitive: (any Primitive)?
  /// What it was applied to; emptied when the graph is freed.
  var inputs: [Variable]
  /// What came out, for rules that are written with the results; emptied when the graph is freed.
  var outputs: [Tensor]
  var isFreed = false

  // The state of the walk that is under way; a walk leaves them as it found them.
  /// Whether a target of the derivative lies at or below this node.
  var isNeeded = false
  var isVisited = false
  /// What has arrived so far, one for each output.
  var cotangents: [Variable?] = []

  init(primitive: (any Primitive)?, inputs: [Variable], outputs: [Tensor]) {
    self.primitive = primitive
    self.inputs = inputs
    self.outputs = outputs
  }

  func free() {
    guard primitive != nil else { return }
    inputs = []
    outputs = []
    isFreed = true
  }

  deinit {
    // A long chain of nodes would otherwise be released by as deep a recursion.
    var pending = inputs.compactMap(\.node)
    inputs = []
    while var node = pending.popLast() {
      if isKnownUniquelyReferenced(&node) {
        pending.append(contentsOf: node.inputs.compactMap(\.node))
        node.inputs = []
      }
    }
  }
}
