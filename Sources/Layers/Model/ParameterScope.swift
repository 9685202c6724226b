import AviaryCore

/// Which parameters a layer declared, and those of the layers inside it: names resolved once, when a model is built.
package final class ParameterScope: Sendable {
  let path: String
  let entries: [(name: String, index: Int)]
  let children: [ParameterScope]
  /// The shape of what the layer takes.
  let input: Shape
  /// The shape of what it gives.
  let output: Shape

  init(
    path: String, entries: [(name: String, index: Int)], children: [ParameterScope], input: Shape, output: Shape
  ) {
    self.path = path
    self.entries = entries
    self.children = children
    self.input = input
    self.output = output
  }

  /// The parameters that the layer and those inside it use.
  var indices: [Int] { entries.map(\.index) + children.flatMap(\.indices) }
}
