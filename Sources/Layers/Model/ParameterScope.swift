/// Which parameters a layer declared, and those of the layers inside it: names resolved once, when a model is built.
package final class ParameterScope: Sendable {
  let path: String
  let entries: [(name: String, index: Int)]
  let children: [ParameterScope]

  init(path: String, entries: [(name: String, index: Int)], children: [ParameterScope]) {
    self.path = path
    self.entries = entries
    self.children = children
  }
}
