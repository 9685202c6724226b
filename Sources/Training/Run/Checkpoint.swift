import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryRegistry

/// The file with the state of a training: safetensors, with everything but tensors as JSON in its metadata.
struct Checkpoint {
  var recipe: ResolvedRecipe
  var data: PreparedData
  /// The file given instead of the data set's own, if the recipe has no setting for it.
  var dataFile: String?

  static let key = "aviary"

  /// The file's bytes.
  func encoded(_ state: TrainingState) throws -> [UInt8] {
    var tensors = NamedTensors(source: "checkpoint")
    for entry in state.model.parameters.entries {
      tensors["parameters.\(entry.name)"] = state.model.parameters.value(of: entry)
    }
    for (name, tensor) in state.optimizer.tensors { tensors["optimizer.\(name)"] = tensor }
    for (name, tensor) in state.objective.tensors { tensors["objective.\(name)"] = tensor }
    for (index, dictionary) in data.preprocessing.learned.enumerated() {
      for (name, tensor) in dictionary { tensors["transforms.\(index).\(name)"] = tensor }
    }
    for (name, parameters) in [("best", state.best), ("last", state.last)] {
      guard let parameters else { continue }
      (tensors["\(name).trainable"], tensors["\(name).state"]) = (parameters.trainable, parameters.state)
    }
    let metadata = [Checkpoint.key: try document(state).json()]
    return try CheckpointSeal.sealed(Safetensors(tensors, metadata: metadata)).encoded()
  }

  private func document(_ state: TrainingState) throws -> ConfigurationValue {
    .object([
      "version": 1, "stage": .integer(state.stage), "epoch": .integer(state.epoch), "batch": .integer(state.batch),
      "step": .integer(state.step), "isFinished": .boolean(state.isFinished),
      "dataFile": dataFile.map { .string($0) } ?? .null,
      "files": .object(Checkpoint.object(data.files.mapValues { .string($0) })),
      "recipe": recipe.document(naming: data.files), "schema": Checkpoint.object(data.schema),
      "digests": Checkpoint.texts(data.digests), "storedInput": Checkpoint.sizes(data.storedInput),
      "rows": .array(data.rows.map { .integer($0) }),
      "inputRange": .array([data.inputRange.lowerBound, data.inputRange.upperBound].map(Checkpoint.number)),
      "input": Checkpoint.sizes(data.task.input), "classes": data.task.classes.map { .integer($0) } ?? .null,
      "target": data.task.target.map(Checkpoint.sizes) ?? .null, "stepsVary": .boolean(data.task.stepsVary),
      "labelsSteps": .boolean(data.task.labelsSteps),
      "symbols": data.task.symbols.map { .integer($0) } ?? .null,
      "furtherInputs": .object(
        Checkpoint.object(
          data.task.furtherInputs.mapValues {
            [
              "shape": Checkpoint.sizes($0.shape), "stepsVary": .boolean($0.stepsVary),
              "symbols": $0.symbols.map { .integer($0) } ?? .null,
            ]
          })), "optimizerStep": .integer(state.optimizer.step),
      "optimizerNumbers": .object(Checkpoint.object(state.optimizer.numbers.mapValues(Checkpoint.number))),
      "means": .array(state.means.map { .array([Checkpoint.number($0.sum), .integer($0.count)]) }),
      "warnings": .object(Checkpoint.object(state.warnings.mapValues { .string($0) })),
      "history": .array(
        state.history.map { record in
          .object([
            "stage": .string(record.stage), "epoch": .integer(record.epoch), "step": .integer(record.step),
            "values": .object(Checkpoint.object(record.values.mapValues(Checkpoint.number))),
          ])
        }),
    ])
  }

  private static func texts(_ texts: [String]?) -> ConfigurationValue {
    texts.map { .array($0.map { .string($0) }) } ?? .null
  }

  private static func object(_ schema: DataSchema) -> ConfigurationValue {
    [
      "featureNames": texts(schema.featureNames), "targetName": schema.targetName.map { .string($0) } ?? .null,
      "classNames": texts(schema.classNames), "targetKind": schema.targetKind.map { .string($0.rawValue) } ?? .null,
    ]
  }

  private static func sizes(_ shape: Shape) -> ConfigurationValue { .array(shape.map { .integer($0) }) }

  /// JSON has no infinity and no NaN, so they are written as strings.
  static func number(_ value: Double) -> ConfigurationValue {
    value.isFinite ? .number(value) : .string(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
  }

  static func double(_ value: ConfigurationValue?) -> Double? {
    value?.numberValue ?? value?.stringValue.flatMap(Double.init)
  }

  private static func object(_ values: [String: ConfigurationValue]) -> ConfigurationObject {
    var object: ConfigurationObject = [:]
    for (name, value) in values.sorted(by: { $0.key < $1.key }) { object[name] = value }
    return object
  }
}
