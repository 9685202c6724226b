import AviaryCore

/// Which parameters a layer declared, and those of the layers inside it: names resolved once, when a model is built.
package final class ParameterScope: Sendable {
  let path: String
  let entries: [(name: String, index: Int)]
  let children: [ParameterScope]
  /// The layer's own numbers that follow schedules.
  let schedules: [ScheduledNumber]
  /// The shape of what the layer takes.
  let input: Shape
  /// The shape of what it gives.
  let output: Shape

  init(
    path: String, entries: [(name: String, index: Int)], children: [ParameterScope], schedules: [ScheduledNumber],
    input: Shape, output: Shape
  ) {
    self.path = path
    self.entries = entries
    self.children = children
    self.schedules = schedules
    self.input = input
    self.output = output
  }

  /// The parameters that the layer and those inside it use.
  var indices: [Int] { entries.map(\.index) + children.flatMap(\.indices) }

  /// The numbers of the layer and of those inside it that follow schedules, with their layers' paths.
  var allSchedules: [(path: String, number: ScheduledNumber)] {
    schedules.map { (path, $0) } + children.flatMap(\.allSchedules)
  }
}
