import AviaryAutograd
import AviaryCore
import Testing

@Suite struct ComputationGraphTests {
  /// The lecture's first picture: f = (x + y)·z at −2, 5, −4.
  private func lecture() throws -> ComputationGraph {
    let (x, y, z) = (
      Variable(tracking: Tensor(-2.0)), Variable(tracking: Tensor(5.0)), Variable(tracking: Tensor(-4.0))
    )
    let q = x + y
    return try ComputationGraph(of: q * z, names: [("x", x), ("y", y), ("z", z), ("q", q)])
  }

  @Test func theLecturesFunctionHasItsValuesAndDerivatives() throws {
    let nodes = try lecture().nodes
    #expect(nodes.map(\.label) == ["x", "y", "q: add", "z", "multiply"])
    #expect(nodes.map(\.value) == ["-2", "5", "3", "-4", "-12"])
    #expect(nodes.map(\.gradient) == ["-4", "-4", "-4", "3", "1"])
    #expect(nodes.map(\.inputs) == [[], [], [0, 1], [], [2, 3]])
  }

  @Test func graphvizReadsIt() throws {
    let dot = try lecture().dot
    #expect(dot.hasPrefix("digraph {") && dot.hasSuffix("}\n"))
    #expect(dot.contains(#"n2 [shape=box, label="q: add\n3\n∂ -4"];"#))
    #expect(dot.contains("n2 -> n4;") && dot.contains("n3 -> n4;"))
  }

  @Test func thePictureHasEveryNodeAndArrow() throws {
    let svg = try lecture().svg
    #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n"))
    #expect(svg.split(separator: "<path").count - 1 == 4 && svg.split(separator: "<rect").count - 1 == 6)
    for text in ["q: add", "∂ 3", "-12"] { #expect(svg.contains(">\(text)</text>")) }
  }

  @Test func whatIsUsedTwiceIsOneNodeAndConstantsAreLeaves() throws {
    let x = Variable(tracking: Tensor([1.0, 2, 3, 4, 5]))
    let graph = try ComputationGraph(of: (x * x + Variable(Tensor(1.0))).sum())
    #expect(graph.nodes.map(\.kind) == [.leaf, .primitive, .constant, .primitive, .primitive])
    #expect(graph.nodes[0].value == nil && graph.nodes[0].gradient == nil && graph.nodes[0].spec.shape == [5])
    #expect(graph.nodes[4].value == "60")
    #expect(try ComputationGraph(of: Variable(Tensor(2.0))).nodes.map(\.label) == ["constant"])
    #expect(throws: DifferentiationError.self) {
      let y = x.square().sum()
      _ = try y.gradients(withRespectTo: [x])
      _ = try ComputationGraph(of: y)
    }
  }
}
