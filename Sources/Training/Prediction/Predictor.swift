import AviaryCore
import AviaryData
import AviaryLayers

/// Makes predictions with a run's model from stored inputs, after the run's preprocessing.
///
/// ```swift
/// let predictor = try Predictor(FinishedRun("runs/fonts-cnn", in: .standard))
/// let predictions = try predictor(images)               // uint8[n, 36, 36, 1], as stored
/// print(predictions.classes(top: 1)[0][0].name)
/// ```
///
/// Any number of threads may use a predictor concurrently. Keep it for many calls: each then costs little more than the
/// model's forward pass.
public struct Predictor: Sendable {
  /// Kinds of predictions.
  public enum Kind: String, Sendable, CaseIterable {
    /// A class per row, with a probability or score of every class.
    case classes
    /// Values in the units of the targets; forecasts in those of the data.
    case values
    /// An autoencoder's reconstructions, in the units of the stored data.
    case reconstructions
    /// Codes of an autoencoder or a restricted Boltzmann machine.
    case codes
  }

  /// The kind of predictions.
  public let kind: Kind
  /// The class names, in the order of a classifier's outputs; `"0"`, `"1"` … if the data has none. nil for other kinds.
  public let classNames: [String]?
  /// Whether the values of classes are probabilities instead of scores.
  public let predictsProbabilities: Bool
  /// The form of inputs in files.
  public let inputForm: InputForm
  private let preprocessing: Preprocessing
  private let targetName: String?
  /// Of forecasts: the shape of windows, and where they are needed to go back to the units of the data.
  private let forecastShape: (horizon: Int, columns: Int)?
  private let function: @Sendable (Tensor) throws -> Tensor

  /// A predictor for a run.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - kind: the kind of predictions; nil for classes of a classifier, values of a regression, else reconstructions.
  /// - Throws: ``ModelError`` if the model does not predict that kind.
  public init(_ run: FinishedRun, predicting kind: Kind? = nil) throws {
    try run.requirePlainInputs()
    let predict = try Predictor.predictions(of: run)
    let probe = try predict(Tensor.zeros(run.model.inputShape.inserting(1, at: 0), dtype: run.model.dtype))
    let outputs = probe.flatMap { $0.rank <= 2 ? $0.elementCount : nil }
    let isClassifier = outputs.map { $0 == 1 ? run.classCount == 2 : $0 >= run.classCount ?? .max } ?? false
    let natural: Kind =
      probe != nil
      ? isClassifier ? .classes : .values : run.recipe.model is any ReconstructingModel ? .reconstructions : .codes
    self.kind = kind ?? natural
    switch self.kind {
    case .classes, .values:
      guard probe != nil, self.kind == .values || isClassifier else {
        throw ModelError("the model of '\(run.recipe.name)' predicts no \(self.kind.rawValue)")
      }
      function = { inputs in try predict(inputs) ?? inputs }
    case .codes: function = try Predictor.codes(run)
    case .reconstructions: function = try Predictor.reconstructions(run)
    }
    classNames = self.kind == .classes ? Predictor.names(run, outputs: outputs ?? 2) : nil
    predictsProbabilities =
      self.kind == .classes && run.recipe.stages.last?.objective.predictsProbabilities == true
    forecastShape =
      run.makesForecasts && self.kind == .values
      ? run.task.target.map { ($0[0], $0.rank > 1 ? $0[1] : 1) } : nil
    (preprocessing, targetName, inputForm) = (run.preprocessing, run.targetName, run.inputForm)
  }

  /// Predicts for rows.
  ///
  /// - Parameter inputs: rows [n, …] as stored, or a single row without the first axis.
  /// - Returns: one prediction per row.
  /// - Throws: `DataError` for inputs of another shape than the stored ones.
  public func callAsFunction(_ inputs: Tensor) throws -> Predictions {
    let rows = inputs.shape == inputForm.shape ? inputs.expandingDimension(at: 0) : inputs
    guard rows.rank == inputForm.shape.rank + 1, rows.shape.dropFirst().elementsEqual(inputForm.shape) else {
      throw DataError(
        "inputs", "expected [n] + \(inputForm.shape), as the run was trained on, found \(inputs.spec)")
    }
    let values = try rows.shape[0] <= Stage.measuredAtOnce ? outputs(rows) : outputsInPieces(rows)
    return Predictions(values, of: self)
  }

  private func outputs(_ rows: Tensor) throws -> Tensor {
    let outputs = try function(preprocessing(rows))
    if let (horizon, columns) = forecastShape {
      let windows = ForecastWindows(
        history: rows, starts: Array(0..<rows.shape[0]), horizon: horizon, columns: columns,
        preprocessing: preprocessing)
      let forecasts = try windows.forecasts(from: outputs)
      return columns == 1 ? forecasts.reshaped(to: [rows.shape[0], horizon]) : forecasts
    }
    guard classNames != nil, outputs.elementCount == rows.shape[0] else { return outputs }
    // A single output is the probability of the second of two classes.
    let second = outputs.reshaped(to: [rows.shape[0], 1])
    return Tensor.concatenate([1 - second, second], axis: 1)
  }

  /// The outputs of many rows, computed in pieces to bound the memory.
  private func outputsInPieces(_ rows: Tensor) throws -> Tensor {
    let starts = stride(from: 0, to: rows.shape[0], by: Stage.measuredAtOnce)
    return Tensor.concatenate(
      try starts.map { try outputs(rows[$0..<min($0 + Stage.measuredAtOnce, rows.shape[0])]) })
  }

  /// The names of the values predicted for a row: the target's or the features', numbered if there are several.
  public func valueNames(_ count: Int) -> [String] {
    if kind == .reconstructions, let names = inputForm.schema.featureNames, names.count == count { return names }
    let names = [Kind.classes: "score", .values: targetName ?? "value", .reconstructions: "input", .codes: "code"]
    let name = names[kind] ?? ""
    return count == 1 ? [name] : (0..<count).map { "\(name)-\($0)" }
  }
}

extension Predictor {
  /// The predictions of the last stage's objective.
  private static func predictions(of run: FinishedRun) throws -> @Sendable (Tensor) throws -> Tensor? {
    guard let stage = run.recipe.stages.last else { return { _ in nil } }
    let objective = stage.objective
    guard let name = stage.settings.layer else {
      let model = run.model
      return { try objective.predictions(model, of: $0) }
    }
    let (before, part) = try run.model.part(name)
    return { try objective.predictions(part, of: before.checkedOutputs(of: $0)) }
  }

  private static func reconstructions(_ run: FinishedRun) throws -> @Sendable (Tensor) throws -> Tensor {
    guard let definition = run.recipe.model as? any ReconstructingModel else {
      throw ModelError("the model of '\(run.recipe.name)' does not reconstruct its inputs")
    }
    let (model, preprocessing) = (run.model, run.preprocessing)
    return { inputs in
      let outputs = try definition.reconstructions(model, of: inputs)
      return try preprocessing.inverse(outputs) ?? outputs
    }
  }

  /// A name for each output of a classifier.
  private static func names(_ run: FinishedRun, outputs: Int) -> [String] {
    let names = run.classNames ?? []
    return (0..<max(outputs, 2)).map { $0 < names.count ? names[$0] : "\($0)" }
  }

  private static func codes(_ run: FinishedRun) throws -> @Sendable (Tensor) throws -> Tensor {
    let model = run.model
    if let definition = run.recipe.model as? any EncodingModel { return { try definition.codes(model, of: $0) } }
    // The outputs of an RBM or a stack of RBMs are its codes.
    if run.recipe.model is any ReconstructingModel, !run.recipe.endsSupervised {
      return { try model.checkedOutputs(of: $0) }
    }
    throw ModelError(
      "the model of '\(run.recipe.name)' has no codes; models with codes: autoencoder, convolutional-autoencoder, "
        + "deep-autoencoder, stacked-denoising-autoencoder, and rbm and dbn without fine-tuning")
  }
}
