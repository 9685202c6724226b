import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

extension Recipe {
  /// A recipe made of Swift values. It is written as JSON and reads back as the same recipe:
  ///
  /// ```swift
  /// let recipe = try Recipe(
  ///   name: "digits", model: MLP(units: [64], activation: Tanh()), data: DigitsData(), split: StratifiedSplit(test: 0.2),
  ///   transforms: [ScaleTransform(divisor: 16)], optimizer: Adam(learningRate: 0.002), epochs: 30)
  /// print(recipe.document.json(prettyPrinted: true))
  /// let result = try Trainer(recipe, in: .standard).run()
  /// ```
  ///
  /// Arguments that are nil are left to the model's stage proposals and the defaults. Settings given here apply to all
  /// stages. Use ``set(_:to:)`` for a single stage and for what nil cannot express: `try recipe.set("batchSize=null")`
  /// puts all rows in one batch.
  ///
  /// - Parameters:
  ///   - name: letters, digits, hyphens, dots and underscores.
  ///   - summary: what the recipe trains, in one sentence.
  ///   - model: the model.
  ///   - data: the data source.
  ///   - split: how to split the data.
  ///   - transforms: the transforms of the inputs, in order.
  ///   - objective: the objective to minimize.
  ///   - optimizer: the optimizer.
  ///   - clipping: how to clip gradients before an update.
  ///   - metrics: what to measure besides the loss.
  ///   - stopping: when to stop before the last epoch.
  ///   - epochs: the maximum number of passes over the training rows.
  ///   - batchSize: rows per step.
  ///   - seed: seed of initial values, shuffling, dropout masks and computed data.
  ///   - precision: float32 or float64.
  /// - Throws: `ConfigurationError` with the path of a value that is out of range, or that cannot be written because it
  ///   is not registered.
  public init(
    name: String = "recipe", summary: String = "", model: any ModelDefinition, data: any DataSource,
    split: any Split = StratifiedSplit(), transforms: [any Transform] = [], objective: (any Objective)? = nil,
    optimizer: (any Optimizer)? = nil, clipping: (any Clipping)? = nil, metrics: [any Metric]? = nil,
    stopping: (any StoppingRule)? = nil, epochs: Int? = nil, batchSize: Int? = nil, seed: Int = 1,
    precision: Precision = .float32
  ) throws {
    func written(_ thing: Any, _ path: ConfigurationPath) throws -> Specification {
      try ConfigurationError.locating(at: path) { try Specification(describing: thing) }
    }
    func list(_ things: [Any], _ field: String) throws -> [Specification] {
      try things.enumerated().map { try written($0.element, [.key(field), .index($0.offset)]) }
    }
    var fields = RecipeFields()
    fields.name = name
    fields.summary = summary
    fields.seed = seed
    fields.precision = precision
    fields.data = try written(data, "data")
    fields.split = try written(split, "split")
    fields.transforms = try list(transforms, "transforms")
    fields.model = try written(model, "model")
    var settings = ConfigurationObject()
    settings["objective"] = try objective.map { try written($0, "objective").value }
    settings["optimizer"] = try optimizer.map { try written($0, "optimizer").value }
    settings["clipping"] = try clipping.map { try written($0, "clipping").value }
    settings["metrics"] = try metrics.map { .array(try list($0, "metrics").map(\.value)) }
    settings["stopping"] = try stopping.map { try written($0, "stopping").value }
    settings["epochs"] = epochs.map { .integer($0) }
    settings["batchSize"] = batchSize.map { .integer($0) }
    _ = try StageSettings(settings)

    var document: ConfigurationObject = ["version": 1]
    for part in [try fields.checked().configuration(), settings] {
      for (key, value) in part { document[key] = value }
    }
    self.init(.object(document))
  }
}
