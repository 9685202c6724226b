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
        node.state = .unseen
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
    var stack = sources.compactMap(\.result.node)
    while let node = stack.last {
      switch node.state {
      case .unseen:
        if node.isFreed {
          for seen in order + stack { (seen.state, seen.isNeeded) = (.unseen, false) }
          throw DifferentiationError.graphFreed
        }
        node.state = .open
        if !node.isBoundary { node.forEachBelow { if $0.state == .unseen { stack.append($0) } } }
      case .open:
        node.state = .done
        node.isNeeded = node.isTarget || (!node.isBoundary && node.needsInput)
        order.append(node)
        stack.removeLast()
      case .done: stack.removeLast()
      }
    }
    return order
  }

  /// Sends a node's cotangents on to its inputs.
  private func descend(_ node: Node) throws {
    guard !node.isBoundary, node.needsInput else { return }
    let gradients: [Variable?]
    switch node.step {
    case .leaf: return
    case .differentiable(let primitive):
      gradients = try primitive.pullback(Pullback(primitive: primitive, node: node, isRecorded: recording))
    case .primitive(let primitive):
      let pullback = Pullback(primitive: primitive, node: node, isRecorded: recording)
      let rule = primitive as? any DifferentiablePrimitive
      gradients = try rule?.pullback(pullback) ?? pullback.throughComposition()
    }
    precondition(
      gradients.count == node.inputCount,
      "a derivative rule gave \(gradients.count) cotangents for \(node.inputCount) inputs of \(node.step)")
    for position in gradients.indices {
      guard let gradient = gradients[position] else { continue }
      let input = node.input(position)
      guard let below = input.node, below.isNeeded else { continue }
      precondition(
        gradient.shape == input.shape && gradient.dtype == input.dtype,
        "a derivative rule gave \(gradient.spec) for input \(position), \(input.spec), of \(node.step)")
      below.add(gradient, to: input.output)
    }
  }
}
