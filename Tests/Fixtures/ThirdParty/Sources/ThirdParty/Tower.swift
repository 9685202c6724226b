import Aviary

/// A classifier of equal blocks one upon another, between a dense layer that sets the width and one unit a class.
struct Tower: ModelDefinition, Registrable {
  struct Configuration: ConfigurationFields {
    var width = 16
    var height = 2
    var block: Specification = "residual-dense"
  }

  static let name = "tower"
  static let card = Card(
    "A classifier of equal blocks, one upon another.",
    fields: [
      "width": "How many numbers go from block to block, at least 1.",
      "height": "How many blocks there are, from 1 to 100.",
      "block": "A layer, whose outputs have its inputs' shape.",
    ])

  private let width: Int
  private let height: Int
  private let block: any Layer

  init(_ configuration: Configuration, in registries: Registries) throws {
    width = try Check.positive(configuration.width, "width")
    height = try Check.value(configuration.height, in: 1...100, "height")
    block = try registries.make(.layer, configuration.block)
  }

  func network(for task: LearningTask) throws -> any Layer {
    guard let classes = task.classes else { throw ModelError("a tower tells classes apart, and there are no labels") }
    return Sequential {
      Dense(width)
      for _ in 0..<height { block }
      Dense(classes)
    }
  }
}
