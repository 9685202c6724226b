import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Fields and layers shared by the recurrent models: a stack of recurrent layers, then linear units on the last state,
/// or on the state of each step if steps have labels.
struct RecurrentNetwork: FieldGroup {
  @Field("Widths of the recurrent layers", .positive.nonEmpty) var units = [64]
  @Field("Direction of the sequence; both: two sets of units per layer, with concatenated outputs") var direction =
    RecurrentDirection.forward
  @Field("Dropout rate of a layer's outputs", .in(0..<1)) var dropout = 0.0
  @Field("Dropout rate of the state between steps", .in(0..<1))
  var recurrentDropout = 0.0

  @Field("Length of a symbol's vector, if inputs are symbols", .positive) var embedding = 32

  init() {}

  init(_ units: [Int], _ direction: RecurrentDirection, _ dropout: Double, _ recurrentDropout: Double) {
    self.units = units
    self.direction = direction
    self.dropout = dropout
    self.recurrentDropout = recurrentDropout
  }

  /// The layers, and one linear unit per class or target value. Symbols are embedded; other inputs of rank 1
  /// are sequences of single numbers.
  func network(
    for task: LearningTask, of model: String, _ layer: (_ units: Int, _ outputs: RecurrentOutputs) -> any Layer
  ) throws -> any Layer {
    guard let outputs = task.classes ?? task.target?.elementCount else {
      throw ModelError("the model '\(model)' predicts targets, but the data has none")
    }
    guard task.input.rank > 0 else {
      throw ModelError(
        "the model '\(model)' takes sequences [steps, features], but the data's inputs are single numbers")
    }
    return Sequential {
      if let symbols = task.symbols {
        Embedding(symbols: symbols, size: embedding)
      } else if task.input.rank == 1 {
        Reshape([-1, 1])
      }
      for (place, width) in units.enumerated() {
        layer(width, place == units.count - 1 && !task.labelsSteps ? .last : .all)
        if dropout > 0 { Dropout(dropout) }
      }
      if task.labelsSteps { TimeDistributed { Dense(outputs) } } else { Dense(outputs) }
      if let target = task.target, target.rank > 1 { Reshape(target.dimensions) }
    }
  }
}
