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
    let order = try needed()
    defer {
      for node in order {
        node.isNeeded = false
        node.isVisited = false
        node.cotangents = []
      }
    }
    for (result, cotangent) in sources { if let node = result.node { Walk.add(cotangent, to: node, result.output) } }
    var found = [Variable?](repeating: nil, count: targets.count)
    for node in order.reversed() where node.isNeeded && !node.cotangents.isEmpty {
      for (place, target) in targets.enumerated() where target.node === node {
        found[place] = node.cotangents[target.output]
      }
      guard node.primitive != nil, !node.inputs.isEmpty else { continue }
      try descend(node)
      node.cotangents = []
      if !retaining { node.free() }
    }
    return zip(targets, found).map { target, gradient in
      gradient ?? Variable(Tensor.zeros(target.shape, dtype: target.dtype))
    }
  }

  /// The nodes above the targets, each after all that it was made from.
  private func needed() throws -> [Node] {
    var order: [Node] = []
    let ends = Set(targets.compactMap { $0.node.map(ObjectIdentifier.init) })
    var stack: [(node: Node, isOpen: Bool)] = sources.compactMap { $0.result.node.map { ($0, false) } }
    while let (node, isOpen) = stack.popLast() {
      if isOpen {
        node.isNeeded =
          ends.contains(ObjectIdentifier(node)) || node.inputs.contains { $0.node?.isNeeded ?? false }
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
      // Alias nodes are the ends of a walk through a composition; nothing below them is wanted.
      if node.primitive is Alias && ends.contains(ObjectIdentifier(node)) { continue }
      for input in node.inputs { if let below = input.node, !below.isVisited { stack.append((below, false)) } }
    }
    return order
  }

  private func descend(_ node: Node) throws {
    guard let primitive = node.primitive, node.inputs.contains(where: { $0.node?.isNeeded ?? false }) else { return }
    let pullback = Pullback(
      inputs: recording ? node.inputs : node.inputs.map { $0.detached() },
      outputs: node.outputs.enumerated().map { Variable($1, recording ? node : nil, $0) },
      cotangents: node.cotangents, needed: node.inputs.map { $0.node?.isNeeded ?? false }, primitive: primitive)
    let gradients = try rule(primitive, pullback)
    for (input, gradient) in zip(node.inputs, gradients) {
      guard let below = input.node, below.isNeeded, let gradient else { continue }
      assert(gradient.shape == input.shape, "the rule of \(primitive.name) gave \(gradient.spec) for \(input.spec)")
      Walk.add(gradient, to: below, input.output)
    }
  }

  /// The primitive's own rule; while recording, the composition of a fused one, whose parts all have derivatives.
  private func rule(_ primitive: any Primitive, _ pullback: Pullback) throws -> [Variable?] {
    if recording, primitive.composition(of: pullback.inputs.map { $0.detached() }) != nil {
      return try pullback.throughComposition()
    }
    if let differentiable = primitive as? any DifferentiablePrimitive { return try differentiable.pullback(pullback) }
    return try pullback.throughComposition()
  }

  private static func add(_ cotangent: Variable, to node: Node, _ output: Int) {
    if node.cotangents.isEmpty {
      let count = node.primitive == nil ? 1 : max(node.outputs.count, output + 1)
      node.cotangents = [Variable?](repeating: nil, count: count)
    }
    node.cotangents[output] = node.cotangents[output].map { $0 + cotangent } ?? cotangent
  }
}
