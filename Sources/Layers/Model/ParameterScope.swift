import AviaryCore
import AviaryRegistry

/// Which parameters a layer declared, and those of the layers inside it: names resolved once, when a model is built.
package final class ParameterScope: Sendable {
  let path: String
  let entries: [(name: String, index: Int)]
  let children: [ParameterScope]
  /// How many rows a batch of training has at least.
  let leastRows: Int
  /// How many rows the layers inside see for each row of this layer.
  private let rowsInside: Int
  /// The layer's own numbers that follow schedules.
  let schedules: [DeclaredValue<any Schedule>]
  /// The shape of what the layer takes.
  let input: Shape
  /// The shape of what it gives.
  let output: Shape

  init(
    _ layer: any Layer, path: String, entries: [(name: String, index: Int)], children: [ParameterScope], input: Shape,
    output: Shape
  ) {
    self.path = path
    self.entries = entries
    self.children = children
    schedules = (layer as? any Configurable)?.declaredValues() ?? []
    leastRows = layer.leastTrainingRows(for: input)
    rowsInside = layer is TimeDistributed ? input[0] : 1
    self.input = input
    self.output = output
  }

  /// The parameters that the layer and those inside it use.
  var indices: [Int] { entries.map(\.index) + children.flatMap(\.indices) }

  /// The layer of this and those inside it that needs more than one row, with its path; nil where none does.
  var demanding: (path: String, rows: Int)? {
    if leastRows > 1 { return (path, leastRows) }
    return children.lazy.compactMap(\.demanding).map { ($0.path, ($0.rows + self.rowsInside - 1) / self.rowsInside) }
      .first { $0.1 > 1 }
  }

  /// The numbers of the layer and of those inside it that follow schedules, with their layers' paths.
  var allSchedules: [(path: String, number: DeclaredValue<any Schedule>)] {
    schedules.map { (path, $0) } + children.flatMap(\.allSchedules)
  }
}
