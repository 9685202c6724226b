import AviaryCore
import AviaryRegistry

/// The parameters of a layer and of its nested layers; names are resolved once, when the model is built.
package final class ParameterScope: Sendable {
  let path: String
  let entries: [(name: String, index: Int)]
  let children: [ParameterScope]
  /// The minimum number of rows of a training batch.
  let leastRows: Int
  /// The number of rows that nested layers see per row of this layer.
  private let rowsInside: Int
  /// The layer's own scheduled hyper-parameters.
  let schedules: [DeclaredValue<any Schedule>]
  /// The input shape.
  let input: Shape
  /// The output shape.
  let output: Shape
  /// Whether the input's first axis is steps and rows may differ in their number.
  let stepsVary: Bool

  init(
    _ layer: any Layer, path: String, entries: [(name: String, index: Int)], children: [ParameterScope], input: Shape,
    output: Shape, stepsVary: Bool
  ) {
    self.path = path
    self.entries = entries
    self.children = children
    schedules = (layer as? any Configurable)?.declaredValues() ?? []
    leastRows = layer.leastTrainingRows(for: input)
    rowsInside = layer is TimeDistributed ? input[0] : 1
    self.input = input
    self.output = output
    self.stepsVary = stepsVary
  }

  /// The parameters of the layer and of nested layers.
  var indices: [Int] { entries.map(\.index) + children.flatMap(\.indices) }

  /// The layer here or inside that needs several rows, with its path; nil if there is none.
  var demanding: (path: String, rows: Int)? {
    if leastRows > 1 { return (path, leastRows) }
    return children.lazy.compactMap(\.demanding).map { ($0.path, ($0.rows + self.rowsInside - 1) / self.rowsInside) }
      .first { $0.1 > 1 }
  }

  /// The scheduled hyper-parameters of the layer and of nested layers, with their layers' paths.
  var allSchedules: [(path: String, number: DeclaredValue<any Schedule>)] {
    schedules.map { (path, $0) } + children.flatMap(\.allSchedules)
  }
}
