import Aviary

/// A classifier of equal blocks one upon another, between a dense layer that sets the width and one unit a class.
struct Tower: ModelDefinition, Registrable {
  static let name = "tower"
  static let card = Card("A classifier of equal blocks, one upon another.")

  @Field("How many numbers go from block to block", .positive) var width = 16
  @Field("Number of blocks", .in(1...100)) var height = 2
  @Field(.layer, "Layer whose outputs have its inputs' shape") var block: any Layer = ResidualDense()

  func network(for task: LearningTask) throws -> any Layer {
    guard let classes = task.classes else { throw ModelError("a tower tells classes apart, and there are no labels") }
    return Sequential {
      Dense(width)
      for _ in 0..<height { block }
      Dense(classes)
    }
  }
}
