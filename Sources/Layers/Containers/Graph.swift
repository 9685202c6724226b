import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Layers arranged as a graph of named nodes, each of which takes outputs of other nodes or inputs of the model.
///
/// ```json
/// {"name": "graph", "nodes": [
///   {"id": "source", "layers": [{"name": "embedding", "symbols": 30, "size": 32}, {"name": "gru", "units": 64, "outputs": "all"}]},
///   {"id": "target", "layers": [{"name": "embedding", "symbols": 12, "size": 32}, {"name": "gru", "units": 64, "outputs": "all"}],
///    "of": ["previous"]},
///   {"id": "context", "layers": ["attention"], "of": ["target", "source"]},
///   {"id": "both", "layers": ["concatenate"], "of": ["target", "context"]}
/// ]}
/// ```
///
/// The model's first input is called `input`; further inputs have their names in the data set. Nodes may be listed in
/// any order. Parameters are named by node, position and label: `"source.1.gru.weight"`.
public struct Graph: Layer, Registrable {
  /// A node: a chain of layers.
  public struct Node: FieldGroup, Sendable {
    @Field("The node's name", .nonEmpty) public internal(set) var id = "output"
    @Field(.layer, "Layers in order; the first takes all inputs") public internal(set) var layers: [any Layer] = []
    @Field("Nodes or inputs that it takes; null for the preceding node, or 'input' for the first") public internal(set)
      var of: [String]?

    public init() {}

    /// A node that takes nodes or inputs, by default the preceding node.
    public init(_ id: String, of inputs: [String]? = nil, @LayerBuilder _ layers: () -> [any Layer]) {
      self.id = id
      self.layers = layers()
      of = inputs
    }
  }

  public static let name = "graph"
  public static let card = Card(
    "Layers as a graph of named nodes, for several inputs, and for branches that split and merge.",
    formula: "yₙ = fₙ(yᵢ, yⱼ, …)")

  @Field(
    "Nodes: each with a name, layers, and the nodes or inputs it takes", .nonEmpty, example: [Node("hidden") { Tanh() }]
  )
  public private(set) var nodes: [Node]
  @Field("The node whose output is the graph's; null for the last one") public private(set) var output: String?

  public init() {}

  /// A graph; its output is by default that of the last node.
  public init(_ nodes: [Node], output: String? = nil) {
    self.nodes = nodes
    self.output = output
  }

  /// The name of the model's first input.
  public static let input = "input"

  public func validate() throws {
    for (place, node) in nodes.enumerated() {
      let path: ConfigurationPath = [.key("nodes"), .index(place), .key("id")]
      guard node.id != Self.input, !nodes[..<place].contains(where: { $0.id == node.id }) else {
        throw ConfigurationError(.invalid("the name '\(node.id)' is taken; each node needs its own name"), at: path)
      }
      guard !node.id.contains(".") else {
        throw ConfigurationError(
          .invalid("the name '\(node.id)' contains a period, which separates parts of parameter names; remove it"),
          at: path)
      }
    }
    if let output, !nodes.contains(where: { $0.id == output }) {
      throw ConfigurationError(
        .invalid("there is no node '\(output)'; \(Suggestion.hint(for: output, known: nodes.map(\.id)))"),
        at: [.key("output")])
    }
    try order()
  }

  /// Building the model checks the layers inside.
  public var allowsPadding: Bool { true }

  /// True if all layers inside are causal and there is no further input.
  public var isCausal: Bool {
    let names = Set(nodes.map(\.id) + [Self.input])
    return nodes.enumerated().allSatisfy { place, node in
      node.layers.allSatisfy(\.isCausal) && inputs(of: place).allSatisfy(names.contains)
    }
  }

  private func inputs(of place: Int) -> [String] {
    nodes[place].of ?? [place == 0 ? Self.input : nodes[place - 1].id]
  }

  /// The indices of the nodes, each after those it takes. Throws `ConfigurationError` for a cycle.
  @discardableResult
  private func order() throws -> [Int] {
    let places = Dictionary(nodes.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
    var (order, done, path): ([Int], Set<Int>, [Int]) = ([], [], [])
    func visit(_ place: Int) throws {
      guard !done.contains(place) else { return }
      if let start = path.firstIndex(of: place) {
        let cycle = (path[start...] + [place]).map { "'\(nodes[$0].id)'" }.reversed().joined(separator: " → ")
        throw ConfigurationError(
          .invalid("the nodes form a cycle: \(cycle); let one of them take something else"),
          at: [.key("nodes"), .index(place), .key("of")])
      }
      path.append(place)
      for name in inputs(of: place) { if let input = places[name] { try visit(input) } }
      path.removeLast()
      done.insert(place)
      order.append(place)
    }
    for place in nodes.indices { try visit(place) }
    return order
  }

  private func order(at path: String) throws -> [Int] {
    do { return try order() } catch let error as ConfigurationError { throw LayerError(path: path, "\(error)") }
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    var shapes = builder.furtherInputs
    shapes[Self.input] = InputShape(input, stepsVary: builder.stepsVary)
    for place in try order(at: builder.path) {
      let node = nodes[place]
      let inputs = try inputs(of: place).map { name in
        guard let shape = shapes[name] else {
          let known = nodes.map(\.id) + [Self.input] + builder.furtherInputs.keys.sorted()
          throw LayerError(
            path: builder.path.isEmpty ? label : builder.path,
            "the node '\(node.id)' takes '\(name)', which is neither a node nor an input; \(Suggestion.hint(for: name, known: known))"
          )
        }
        return shape
      }
      guard !inputs.isEmpty else {
        throw LayerError(
          path: builder.path.isEmpty ? label : builder.path,
          "the node '\(node.id)' has an empty list of inputs; name at least one in 'of'")
      }
      shapes[node.id] = try builder.declare(node.layers, as: node.id, inputs: inputs)
    }
    let result = shapes[output ?? nodes[nodes.count - 1].id] ?? InputShape(input)
    builder.stepsVary = result.stepsVary
    return result.shape
  }

  /// Computes each node after those it takes. Traps if an input of the model is missing.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    var values = context.furtherInputs.mapValues { LayerInput(Variable($0.values), lengths: $0.lengths) }
    values[Self.input] = LayerInput(input, lengths: context.lengths)
    let order = (try? order()) ?? []
    for (child, place) in order.enumerated() {
      let node = nodes[place]
      let inputs = inputs(of: place).map { name in
        guard let value = values[name] else {
          trap("the model takes the further input '\(name)': set it in the context's furtherInputs")
        }
        return value
      }
      context.lengths = inputs[0].lengths
      values[node.id] = run(node, inputs, parameters[child: child], &context)
    }
    let result = values[output ?? nodes[nodes.count - 1].id] ?? LayerInput(input)
    context.lengths = result.lengths
    return result.values
  }

  private func run(
    _ node: Node, _ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context
  ) -> LayerInput {
    var (inputs, value) = (inputs, inputs[0].values)
    for (place, layer) in node.layers.enumerated() {
      if place == 0, inputs.count > 1, let combining = layer as? any CombiningLayer {
        if combining.alignsSteps {
          inputs = aligned(inputs, parameters, &context)
        }
        value = combining(inputs, parameters[child: 0], &context)
      } else {
        value = layer(value, parameters[child: place], &context)
      }
    }
    return LayerInput(value, lengths: context.lengths)
  }

  /// The inputs; refused, with zeros in place of the later ones, if their sequences differ in length in some row.
  private func aligned(
    _ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context
  ) -> [LayerInput] {
    let first = inputs[0]
    guard inputs.contains(where: { $0.lengths != first.lengths }) else { return inputs }
    context.refuse("its inputs are sequences of different lengths in the same row", in: parameters)
    return [first]
      + inputs.dropFirst().map { input in
        let shape = Array(first.values.shape.prefix(2)) + Array(input.values.shape.dropFirst(2))
        return LayerInput(Variable(Tensor.zeros(Shape(shape), dtype: input.values.dtype)), lengths: first.lengths)
      }
  }
}

extension ParameterBuilder {
  /// Declares the layers of a node, the first of which takes all inputs, and infers the node's output shape.
  mutating func declare(_ layers: [any Layer], as name: String, inputs: [InputShape]) throws -> InputShape {
    let (first, varied) = (inputs[0], stepsVary)
    defer { stepsVary = varied }
    stepsVary = first.stepsVary
    guard inputs.count > 1 else {
      let output = try declare(Sequential(layers), as: name, input: first.shape)
      return InputShape(output, stepsVary: stepsVary)
    }
    let node = path.isEmpty ? name : "\(path).\(name)"
    guard let combining = layers.first as? any CombiningLayer, combining.combines.contains(inputs.count) else {
      throw LayerError(
        path: node,
        "it takes \(inputs.count) inputs, but its first layer, '\(layers.first?.label ?? "none")', does not; begin with a layer that does: "
          + "add, multiply, concatenate or attention")
    }
    guard !combining.alignsSteps || Set(inputs.map(\.stepsVary)).count == 1 else {
      throw LayerError(path: node, "some of its inputs are sequences of different lengths, but others are not")
    }
    let joined = Joined(layer: combining, rest: layers.dropFirst().map { $0 }, inputs: inputs.map(\.shape))
    let output = try declare(joined, as: name, input: first.shape)
    return InputShape(output, stepsVary: stepsVary)
  }
}

/// The layers of a node with several inputs, for declaring them.
private struct Joined: Layer {
  let layer: any CombiningLayer
  let rest: [any Layer]
  let inputs: [Shape]

  var allowsPadding: Bool { true }

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    var shape = try builder.declare(
      First(layer: layer, inputs: inputs), as: Sequential.name(of: layer.label, at: 0), input: input)
    for (place, layer) in rest.enumerated() {
      shape = try builder.declare(layer, as: Sequential.name(of: layer.label, at: place + 1), input: shape)
    }
    return shape
  }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable { input }

  /// The first layer, which takes all inputs.
  private struct First: Layer {
    let layer: any CombiningLayer
    let inputs: [Shape]

    var allowsPadding: Bool { layer.allowsPadding }

    func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
      try layer.declare(in: &builder, inputs: inputs)
    }

    func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable { input }
  }
}
