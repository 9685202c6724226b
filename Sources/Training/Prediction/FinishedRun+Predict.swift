import AviaryCore
import AviaryData

extension FinishedRun {
  /// Predicts for rows [n, …] as stored, or for a single row without the first axis.
  ///
  /// ```swift
  /// let run = try FinishedRun("runs/fonts-cnn", in: .standard)
  /// print(try run.predict(images).classes(top: 3))
  /// ```
  ///
  /// For many calls, use a ``Predictor``, which throws the same errors.
  public func predict(_ inputs: Tensor, _ kind: Predictor.Kind? = nil) throws -> Predictions {
    try Predictor(self, predicting: kind)(inputs)
  }

  /// Throws ``ModelError`` unless the model takes one input of a fixed shape and gives one output per row.
  func requirePlainInputs() throws {
    let what =
      !task.furtherInputs.isEmpty
      ? "a model of several inputs"
      : task.stepsVary ? "sequences of different lengths" : task.labelsSteps ? "labels of steps" : nil
    guard let what else { return }
    throw ModelError("'\(recipe.name)' was trained on \(what), for which predictions and exports are not supported yet")
  }

  /// The form of the run's inputs in files.
  public var inputForm: InputForm {
    InputForm(
      shape: saved.fields.storedInput ?? model.inputShape, range: saved.fields.inputRange,
      schema: saved.fields.schema ?? DataSchema(), source: recipe.data)
  }

  /// The number of classes; nil if the targets are not labels.
  public var classCount: Int? { saved.fields.task.classes }
}
