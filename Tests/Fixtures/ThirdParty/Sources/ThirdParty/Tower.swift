import Aviary

/// A classifier with a stack of equal blocks, between a dense layer that sets the width and one unit per class.
struct Tower: ModelDefinition, Registrable {
  static let name = "tower"
  static let card = Card("A classifier with a stack of equal blocks.")

  @Field("Width of the blocks", .positive) var width = 16
  @Field("Number of blocks", .in(1...100)) var height = 2
  @Field(.layer, "Layer that preserves its input shape") var block: any Layer = ResidualDense()

  func network(for task: LearningTask) throws -> any Layer {
    guard let classes = task.classes else { throw ModelError("a tower is a classifier, but the data has no labels") }
    return Sequential {
      Dense(width)
      for _ in 0..<height { block }
      Dense(classes)
    }
  }
}
