extension ComputationGraph {
  /// The graph in the language of Graphviz: `dot -Tsvg graph.dot`.
  public var dot: String {
    var lines = ["digraph {", "  rankdir=LR; node [fontname=\"sans-serif\", fontsize=11];"]
    for (place, node) in nodes.enumerated() {
      let text = node.lines.map { $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }.joined(
        separator: "\\n")
      let shape =
        switch node.kind {
        case .leaf: "ellipse"
        case .constant: "plaintext"
        case .primitive: "box"
        }
      lines.append("  n\(place) [shape=\(shape), label=\"\(text)\"];")
    }
    for (place, node) in nodes.enumerated() {
      for input in node.inputs { lines.append("  n\(input) -> n\(place);") }
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }
}

extension ComputationGraph.Node {
  /// The lines of the node's label.
  var lines: [String] {
    let shape = spec.shape.rank > 0 ? " \(spec.shape)" : ""
    return [label + shape] + [value, gradient.map { "∂ \($0)" }].compactMap { $0 }
  }
}
