import AviaryCore

/// The computation of a variable as data: a node for each primitive, leaf and constant, with shapes, values and
/// derivatives.
///
/// ```swift
/// let (x, y, z) = (Variable(tracking: Tensor(-2.0)), Variable(tracking: Tensor(5.0)), Variable(tracking: Tensor(-4.0)))
/// let graph = try ComputationGraph(of: (x + y) * z, names: [("x", x), ("y", y), ("z", z)])
/// print(graph.dot)                                              // for Graphviz; graph.svg is a picture by itself
/// ```
public struct ComputationGraph: Sendable, Equatable {
  /// A leaf, a constant, or an application of a primitive.
  public struct Node: Sendable, Equatable {
    /// The kinds of nodes.
    public enum Kind: Sendable { case leaf, constant, primitive }

    /// The given name, or the name of the primitive.
    public var label: String
    /// The kind of the node.
    public var kind: Kind
    /// The first output's shape and type.
    public var spec: TensorSpec
    /// The value, if it has few elements.
    public var value: String?
    /// The derivative of the result with respect to the node, if requested and if it has few elements.
    public var gradient: String?
    /// The operands, as indices of other nodes.
    public var inputs: [Int]
  }

  /// The nodes, each after its operands; the last one is the result.
  public let nodes: [Node]

  /// Of longer tensors only the shape is shown.
  static let shownElements = 4

  /// The graph of a variable's computation.
  ///
  /// - Parameters:
  ///   - result: the variable.
  ///   - names: the names of variables.
  ///   - showsGradients: whether to compute the derivative of the result with respect to each node; for a result with
  ///     several elements, the derivative of their sum.
  /// - Throws: ``DifferentiationError`` if derivatives are requested but a primitive has none, or if the graph was
  ///   freed.
  public init(of result: Variable, names: [(String, Variable)] = [], showsGradients: Bool = true) throws {
    var builder = GraphBuilder()
    for (name, variable) in names { if let node = variable.node { builder.names[ObjectIdentifier(node)] = name } }
    try builder.add(result)
    if showsGradients, result.isTracked {
      let ones = Variable(Tensor(repeating: 1, shape: result.shape, dtype: result.dtype))
      let gradients = try result.gradients(
        withRespectTo: builder.tracked.map(\.variable), cotangent: ones, retainingGraph: true)
      for (gradient, place) in zip(gradients, builder.tracked.map(\.place)) {
        builder.nodes[place].gradient = Self.text(gradient.value)
      }
    }
    nodes = builder.nodes
  }

  /// A tensor's elements with at most four significant digits; nil if there are many.
  static func text(_ tensor: Tensor) -> String? {
    guard tensor.elementCount <= shownElements, tensor.dtype.isDifferentiable else { return nil }
    let numbers = tensor.scalars(as: Double.self).map(short)
    return tensor.rank == 0 || numbers.count == 1 ? numbers.first : "[\(numbers.joined(separator: ", "))]"
  }

  private static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    var (scale, magnitude) = (1.0, abs(value))
    while magnitude < 1000, scale < 1e12 { (scale, magnitude) = (scale * 10, magnitude * 10) }
    let text = "\((value * scale).rounded() / scale)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

/// Collects a graph's nodes, each after its operands.
private struct GraphBuilder {
  var names: [ObjectIdentifier: String] = [:]
  var nodes: [ComputationGraph.Node] = []
  /// The tracked variables, with their indices among the nodes.
  var tracked: [(variable: Variable, place: Int)] = []
  private var places: [ObjectIdentifier: Int] = [:]

  mutating func add(_ result: Variable) throws {
    guard let root = result.node else {
      _ = constant(result)
      return
    }
    // Not recursive, because a graph may be as deep as a long recurrence.
    var stack = [(variable: result, node: root, isOpen: false)]
    while let (variable, node, isOpen) = stack.popLast() {
      guard places[ObjectIdentifier(node)] == nil else { continue }
      if node.isFreed { throw DifferentiationError.graphFreed }
      guard isOpen || node.inputCount == 0 else {
        stack.append((variable, node, true))
        for position in (0..<node.inputCount).reversed() {
          let input = node.input(position)
          if let below = input.node, places[ObjectIdentifier(below)] == nil { stack.append((input, below, false)) }
        }
        continue
      }
      let inputs = (0..<node.inputCount).map { position -> Int in
        let input = node.input(position)
        return input.node.flatMap { places[ObjectIdentifier($0)] } ?? constant(input)
      }
      let name = names[ObjectIdentifier(node)]
      let kind: ComputationGraph.Node.Kind = node.primitive == nil ? .leaf : .primitive
      places[ObjectIdentifier(node)] = nodes.count
      tracked.append((variable, nodes.count))
      let label = [name, node.primitive?.name].compactMap { $0 }.joined(separator: ": ")
      nodes.append(
        .init(
          label: label.isEmpty ? "variable" : label, kind: kind, spec: variable.spec,
          value: ComputationGraph.text(variable.value), inputs: inputs))
    }
  }

  private mutating func constant(_ variable: Variable) -> Int {
    nodes.append(
      .init(
        label: "constant", kind: .constant, spec: variable.spec, value: ComputationGraph.text(variable.value),
        inputs: []))
    return nodes.count - 1
  }
}
