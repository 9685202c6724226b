import AviaryCore

/// One walk backwards through a graph, from results with their cotangents to the targets of the derivative.
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

  /// The derivatives by the targets; zeros where a target does not enter a result.
  func run() throws -> [Variable] {
    for target in targets { target.node?.isTarget = true }
    defer { for target in targets { target.node?.isTarget = false } }
    let order = try needed()
    defer {
      for node in order {
        node.isNeeded = false
        node.isVisited = false
        node.clearCotangents()
      }
    }
    for (result, cotangent) in sources { result.node?.add(cotangent, to: result.output) }
    for node in order.reversed() where node.isNeeded && node.hasCotangent {
      try descend(node)
      if !node.isTarget { node.clearCotangents() }
      if !retaining { node.free() }
    }
    return targets.map { target in
      target.node?.arrived(at: target.output) ?? Variable(Tensor.zeros(target.shape, dtype: target.dtype))
    }
  }

  /// The nodes at and below the results, each after all that it was made from.
  private func needed() throws -> [Node] {
    var order: [Node] = []
    var stack: [(node: Node, isOpen: Bool)] = []
    for source in sources { if let node = source.result.node { stack.append((node, false)) } }
    while let (node, isOpen) = stack.popLast() {
      if isOpen {
        node.isNeeded = node.isTarget || (!node.isBoundary && node.inputs.contains { $0.node?.isNeeded == true })
        order.append(node)
        continue
      }
      if node.isVisited { continue }
      if node.isFreed {
        for visited in order + stack.map(\.node) { (visited.isVisited, visited.isNeeded) = (false, false) }
        throw DifferentiationError.graphFreed
      }
      node.isVisited = true
      stack.append((node, true))
      if node.isBoundary { continue }
      for input in node.inputs { if let below = input.node, !below.isVisited { stack.append((below, false)) } }
    }
    return order
  }

  /// Sends a node's cotangents on to its inputs.
  private func descend(_ node: Node) throws {
    guard let primitive = node.primitive, !node.isBoundary,
      node.inputs.contains(where: { $0.node?.isNeeded == true })
    else { return }
    let pullback = Pullback(primitive: primitive, node: node, isRecorded: recording)
    let rule = node.rule ?? (primitive as? any DifferentiablePrimitive)
    let gradients = try rule?.pullback(pullback) ?? pullback.throughComposition()
    precondition(
      gradients.count == node.inputs.count,
      "the derivative rule of '\(primitive.name)' gave \(gradients.count) cotangents for \(node.inputs.count) inputs")
    for (position, gradient) in gradients.enumerated() {
      let input = node.inputs[position]
      guard let below = input.node, below.isNeeded, let gradient else { continue }
      precondition(
        gradient.shape == input.shape && gradient.dtype == input.dtype,
        "the derivative rule of '\(primitive.name)' gave \(gradient.spec) for the input \(position), \(input.spec)")
      below.add(gradient, to: input.output)
    }
  }
}
