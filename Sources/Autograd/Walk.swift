import AviaryCore

/// A backward walk through a graph, from results with their cotangents to the targets of the derivative.
struct Walk {
  let sources: [(result: Variable, cotangent: Variable)]
  let targets: [Variable]
  /// Keeps the graph for another walk.
  let retaining: Bool
  /// Records the walk itself, for derivatives of derivatives.
  let recording: Bool

  init(
    from sources: [(result: Variable, cotangent: Variable)], to targets: [Variable], retaining: Bool, recording: Bool
  ) {
    self.sources = sources
    self.targets = targets
    self.retaining = retaining || recording
    self.recording = recording
  }

  /// The derivatives with respect to the targets; zeros if a target does not enter a result.
  func run() throws -> [Variable] {
    for target in targets { target.node?.isTarget = true }
    defer {
      for target in targets {
        target.node?.isTarget = false
        target.node?.clearCotangents()
      }
    }
    var order = try needed()
    for (result, cotangent) in sources { result.node?.add(cotangent, to: result.output) }
    while let node = order.popLast() {
      do {
        if node.isNeeded && node.hasCotangent { try descend(node) }
      } catch {
        for rest in order + [node] { leave(rest) }
        throw error
      }
      leave(node)
    }
    return targets.map { target in
      target.node?.arrived(at: target.output) ?? Variable(Tensor.zeros(target.shape, dtype: target.dtype))
    }
  }

  /// Resets a node, except for the cotangents of targets, which are the result.
  private func leave(_ node: Node) {
    if !retaining && node.isNeeded && node.hasCotangent { node.free() }
    node.state = .unseen
    node.isNeeded = false
    if !node.isTarget { node.clearCotangents() }
  }

  /// The nodes at and below the results, each after all its inputs.
  private func needed() throws -> [Node] {
    var order: [Node] = []
    // Unretained, because the results keep every node alive.
    var stack = sources.compactMap { $0.result.node.map(Unmanaged.passUnretained) }
    order.reserveCapacity(64)
    stack.reserveCapacity(64)
    while let top = stack.last {
      let isFreed = top._withUnsafeGuaranteedRef { visit($0, &stack, &order) }
      if isFreed {
        for seen in order + stack.map({ $0.takeUnretainedValue() }) { (seen.state, seen.isNeeded) = (.unseen, false) }
        throw DifferentiationError.graphFreed
      }
    }
    return order
  }

  /// One step of the search at the top of the stack: pushes the nodes below, or appends the node to the order. Returns
  /// true if the node was freed.
  private func visit(_ node: Node, _ stack: inout [Unmanaged<Node>], _ order: inout [Node]) -> Bool {
    switch node.state {
    case .unseen:
      if node.isFreed { return true }
      node.state = .open
      if node.isBoundary { break }
      node.forEachBelow { if $0.state == .unseen { stack.append(Unmanaged.passUnretained($0)) } }
    case .open:
      node.state = .done
      node.isNeeded = node.isTarget || (!node.isBoundary && node.needsInput)
      order.append(node)
      stack.removeLast()
    case .done: stack.removeLast()
    }
    return false
  }

  /// Sends a node's cotangents to its inputs.
  private func descend(_ node: Node) throws {
    guard !node.isBoundary, node.needsInput else { return }
    let pullback = Pullback(node: node, isRecorded: recording)
    let gradients: [Variable?]
    switch node.step {
    case .leaf: return
    case .unary(let function): return deliver(try function.derivative(pullback), to: 0, of: node)
    case .scalar(let function): return deliver(try function.derivative(pullback), to: 0, of: node)
    case .binary(let function):
      let (left, right) = try function.derivatives(pullback)
      deliver(left, to: 0, of: node)
      return deliver(right, to: 1, of: node)
    case .differentiable(let primitive): gradients = try primitive.pullback(pullback)
    case .primitive(let primitive):
      let rule = primitive as? any DifferentiablePrimitive
      gradients = try rule?.pullback(pullback) ?? pullback.throughComposition()
    }
    require(
      gradients.count == node.inputCount,
      "a derivative rule returned \(gradients.count) cotangents for \(node.inputCount) inputs of \(node.step)")
    for position in gradients.indices { deliver(gradients[position], to: position, of: node) }
  }

  /// Adds a cotangent to those that have arrived at an input.
  private func deliver(_ gradient: Variable?, to position: Int, of node: Node) {
    guard let gradient, let below = node.below(position), below.isNeeded else { return }
    require(
      gradient.value.hasSpec(of: node.inputValue(position)),
      "a derivative rule returned \(gradient.spec) for input \(position), \(node.inputValue(position).spec), of \(node.step)"
    )
    below.add(gradient, to: node.outputBelow(position))
  }
}
