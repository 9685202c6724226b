import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// How linear units begin: what several models configure alike.
struct InitialValues: FieldGroup {
  @Field(.initializer, "Draws the initial weights [in, units]") var weightInitializer: any Initializer = Zeros()
  @Field(.initializer, "Draws the initial biases [units]") var biasInitializer: any Initializer = Zeros()

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

/// How the layers of a deep model begin.
struct LayerInitializers: FieldGroup {
  @Field(.initializer, "Draw the initial weights: one for all layers or one for each, the last included")
  var weightInitializers: [any Initializer] = [GlorotUniform()]
  @Field(.initializer, "Draw the initial biases: one for all layers or one for each, the last included")
  var biasInitializers: [any Initializer] = [Zeros()]

  init() {}

  init(weights: any Initializer) { weightInitializers = [weights] }

  func check(layers: Int) throws {
    try Check.perLayer(weightInitializers, "initializer", count: layers, "weightInitializers")
    try Check.perLayer(biasInitializers, "initializer", count: layers, "biasInitializers")
  }
}

extension LearningTask {
  /// How many classes there are. Throws where the targets are no labels, and where there are fewer than two.
  func classCount(of model: String) throws -> Int {
    guard let classes else {
      let remedy =
        target == nil
        ? "the data have no targets; name their column by data.target, or their array by data.targets"
        : "the data's targets are no labels; number the classes from 0 in one column, or for values take the model "
          + "'network' or 'linear-regression' with a loss for them"
      throw ModelError("the model '\(model)' tells classes apart, and \(remedy)")
    }
    guard classes > 1 else {
      throw LossError("all rows have the same label, and a classifier needs at least two classes to tell apart")
    }
    return classes
  }

  /// How many channels the images have. Throws where the inputs are no images.
  func imageChannels(of model: String) throws -> Int {
    guard input.rank == 3 else {
      throw ModelError(
        "the model '\(model)' takes images [height, width, channels], and the data's inputs are \(input)"
          + (input.rank == 2 ? "; set data.addChannelAxis to true where they are images of one channel" : ""))
    }
    return input[2]
  }
}

extension Batch {
  /// The labels [n]. Throws where the targets are none; `user` is what needs them.
  func labels(for user: String) throws -> Tensor {
    guard let targets, targets.dtype == .int64 else { throw LossError("\(user) needs labels as targets") }
    return targets
  }
}

extension Model {
  /// Rows [n, elements of an input], shaped as inputs.
  func shapedAsInputs(_ rows: Tensor) -> Tensor { rows.reshaped(to: inputShape.inserting(rows.shape[0], at: 0)) }
}

extension StageProposal {
  /// Greedy stages `pretrain-1`, `pretrain-2`, …: each trains one of the first `count` layers of a model's chain, which have
  /// the same label, on what those before it make of the data.
  static func greedy(
    _ count: Int, of label: String, _ settings: (_ place: Int) throws -> ConfigurationObject
  ) rethrows -> [StageProposal] {
    try (0..<count).map { place in
      var settings = try settings(place)
      settings["layer"] = .string(Sequential.name(of: label, at: place))
      return StageProposal(greedyName(place), settings)
    }
  }

  /// The name of the greedy stage of the layer at a place.
  static func greedyName(_ place: Int) -> String { "pretrain-\(place + 1)" }
}

extension ConfigurationObject {
  /// The settings of a stage that trains a model, or a layer of it, to reconstruct its inputs.
  static func reconstructing(loss: any Loss, corruption: (any Layer)? = nil) throws -> ConfigurationObject {
    let objective = try Specification(describing: Reconstruction(loss, corruption: corruption))
    return ["objective": objective.value, "metrics": ["squared-error"]]
  }
}

extension Check {
  /// One for all layers, or one for each of them.
  static func perLayer(_ things: [Any], _ kind: String, count: Int, _ field: ConfigurationPath) throws {
    try that(
      things.count == 1 || things.count == count, field, "one \(kind), or one for each of \(count) layers",
      found: things.count)
  }
}

extension Array {
  /// The layer's own, of a list of one for all layers or one for each.
  func ofLayer(_ place: Int) -> Element { count == 1 ? self[0] : self[place] }
}
