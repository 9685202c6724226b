import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// What the recurrent models of the zoo share: recurrent layers one after another, and linear units on the last state.
struct RecurrentNetwork: FieldGroup {
  @Field("Widths of the recurrent layers, one after another", .positive.nonEmpty) var units = [64]
  @Field("Order of the steps; both: two sets of units a layer, their outputs side by side") var direction =
    RecurrentDirection.forward
  @Field("Share of a layer's outputs that dropout drops while training", .in(0..<1)) var dropout = 0.0
  @Field("Share of units whose state is dropped on its way to the next step while training", .in(0..<1))
  var recurrentDropout = 0.0

  init() {}

  init(_ units: [Int], _ direction: RecurrentDirection, _ dropout: Double, _ recurrentDropout: Double) {
    self.units = units
    self.direction = direction
    self.dropout = dropout
    self.recurrentDropout = recurrentDropout
  }

  /// The layers, and one linear unit a class or target value. Single numbers in a row are a sequence of them.
  func network(
    for task: LearningTask, of model: String, _ layer: (_ units: Int, _ outputs: RecurrentOutputs) -> any Layer
  ) throws -> any Layer {
    guard let outputs = task.classes ?? task.target?.elementCount else {
      throw ModelError("the model '\(model)' predicts targets, and the data have none")
    }
    guard task.input.rank > 0 else {
      throw ModelError(
        "the model '\(model)' takes sequences [steps, features], and the data's inputs are single numbers")
    }
    return Sequential {
      if task.input.rank == 1 { Reshape([-1, 1]) }
      for (place, width) in units.enumerated() {
        layer(width, place == units.count - 1 ? .last : .all)
        if dropout > 0 { Dropout(dropout) }
      }
      Dense(outputs)
      if let target = task.target, target.rank > 1 { Reshape(target.dimensions) }
    }
  }
}
