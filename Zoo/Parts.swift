import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Initializers of linear units, shared by several models.
struct InitialValues: FieldGroup {
  @Field(.initializer, "Initializer of the weights [in, units]") var weightInitializer: any Initializer = Zeros()
  @Field(.initializer, "Initializer of the biases [units]") var biasInitializer: any Initializer = Zeros()

  init() {}

  init(_ weight: any Initializer, _ bias: any Initializer) {
    weightInitializer = weight
    biasInitializer = bias
  }

  func dense(
    _ units: Int, bias: Bool = true, activation: any Activation = Identity(), regularizer: (any Regularizer)? = nil,
    constraint: (any Constraint)? = nil
  ) -> Dense {
    Dense(
      units, activation: activation, bias: bias, weightInitializer: weightInitializer,
      biasInitializer: biasInitializer, weightRegularizer: regularizer, weightConstraint: constraint)
  }
}

/// Initializers of a deep model's layers.
struct LayerInitializers: FieldGroup {
  @Field(.initializer, "Initializers of the weights: one for all layers, or one for each including the last")
  var weightInitializers: [any Initializer] = [GlorotUniform()]
  @Field(.initializer, "Initializers of the biases: one for all layers, or one for each including the last")
  var biasInitializers: [any Initializer] = [Zeros()]

  init() {}

  init(weights: any Initializer) { weightInitializers = [weights] }

  func check(layers: Int) throws {
    try Check.perLayer(weightInitializers, "initializer", count: layers, "weightInitializers")
    try Check.perLayer(biasInitializers, "initializer", count: layers, "biasInitializers")
  }
}

extension LearningTask {
  /// The number of classes. Throws if the targets are not labels, or if there are fewer than two classes.
  func classCount(of model: String) throws -> Int {
    guard let classes else {
      let remedy =
        target == nil
        ? "the data has no targets; name their column with data.target, or their array with data.targets"
        : "the data's targets are not labels; number the classes from 0 in one column, or for values use the model "
          + "'network' or 'linear-regression' with a loss for them"
      throw ModelError("the model '\(model)' is a classifier, but \(remedy)")
    }
    guard classes > 1 else {
      throw LossError("all rows have the same label, but a classifier needs at least two classes")
    }
    return classes
  }

  /// The number of channels of the images. Throws if the inputs are not images.
  func imageChannels(of model: String) throws -> Int {
    guard input.rank == 3 else {
      throw ModelError(
        "the model '\(model)' takes images [height, width, channels], but the data's inputs are \(input)"
          + (input.rank == 2 ? "; for images with one channel, set data.addChannelAxis to true" : ""))
    }
    return input[2]
  }
}

extension Batch {
  /// The labels [n]. Throws if the targets are not labels; the error names `user`.
  func labels(for user: String) throws -> Tensor {
    guard let targets, targets.dtype == .int64 else { throw LossError("\(user) needs labels as targets") }
    return targets
  }
}

extension Model {
  /// Rows [n, elements per input], shaped as inputs.
  func shapedAsInputs(_ rows: Tensor) -> Tensor { rows.reshaped(to: inputShape.inserting(rows.shape[0], at: 0)) }
}

extension StageProposal {
  /// Greedy stages `pretrain-1`, `pretrain-2`, …: each trains one of the first `count` layers of the chain, all with
  /// the same label, on the outputs of the layers before it.
  static func greedy(
    _ count: Int, of label: String, _ settings: (_ place: Int) throws -> ConfigurationObject
  ) rethrows -> [StageProposal] {
    try (0..<count).map { place in
      var settings = try settings(place)
      settings["layer"] = .string(Sequential.name(of: label, at: place))
      return StageProposal(greedyName(place), settings)
    }
  }

  /// The name of a layer's greedy stage.
  static func greedyName(_ place: Int) -> String { "pretrain-\(place + 1)" }
}

extension ConfigurationObject {
  /// The settings of a stage that trains a model or layer to reconstruct its inputs.
  static func reconstructing(loss: any Loss, corruption: (any Layer)? = nil) throws -> ConfigurationObject {
    let objective = try Specification(describing: Reconstruction(loss, corruption: corruption))
    return ["objective": objective.value, "metrics": ["squared-error"]]
  }
}

extension Check {
  /// Requires one for all layers, or one for each.
  static func perLayer(_ things: [Any], _ kind: String, count: Int, _ field: ConfigurationPath) throws {
    try that(
      things.count == 1 || things.count == count, field, "one \(kind), or one for each of \(count) layers",
      found: things.count)
  }
}

extension Array {
  /// The layer's element, in a list of one for all layers or one for each.
  func ofLayer(_ place: Int) -> Element { count == 1 ? self[0] : self[place] }
}

extension StageProposal {
  /// The stage of a model that is fitted to all rows at once, without an optimizer.
  ///
  /// - Parameters:
  ///   - objective: the name of the objective.
  ///   - settings: its settings.
  /// - Returns: a stage of one epoch with all rows in its batch.
  static func fitting(_ objective: String, _ settings: ConfigurationObject = [:]) -> StageProposal {
    var settings = settings
    settings["name"] = .string(objective)
    return StageProposal("train", ["objective": .object(settings), "batchSize": nil, "shuffle": false, "epochs": 1])
  }
}

extension Stage {
  /// Throws `ConfigurationError` unless a batch has all rows, as objectives need that fit them at once.
  func requireWholeBatches(of data: PreparedData) throws {
    let rows = data.rowCount(of: self)
    guard let size = settings.batchSize, size < rows else { return }
    throw ConfigurationError(
      .invalid(
        "'\(settings.objective.name)' needs all \(rows) training rows in one batch; set it to null, not \(size)"),
      at: "batchSize")
  }
}
