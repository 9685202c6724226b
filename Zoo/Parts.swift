import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// How a dense layer begins and is kept small: what several models configure alike.
struct DenseTemplate: Sendable {
  var weight: any Initializer
  var bias: any Initializer
  var regularizer: (any Regularizer)?
  var constraint: (any Constraint)?

  func layer(_ units: Int, activation: any Activation = Identity()) -> Dense {
    Dense(
      units, activation: activation, weightInitializer: weight, biasInitializer: bias, weightRegularizer: regularizer,
      weightConstraint: constraint)
  }
}

extension LearningTask {
  /// How many classes there are. Throws where the targets are no labels.
  func classCount(of model: String) throws -> Int {
    guard let classes else {
      throw ModelError(
        "the model '\(model)' tells classes apart, and the data's targets are no labels; number the classes from 0 in "
          + "one column, or for values take the model 'network' or 'linear-regression' with a loss for them")
    }
    return classes
  }

  /// How many channels the images have. Throws where the inputs are no images.
  func imageChannels(of model: String) throws -> Int {
    guard input.rank == 3 else {
      throw ModelError(
        "the model '\(model)' takes images [height, width, channels], and the data's inputs are \(input)")
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
    _ count: Int, of label: String, _ settings: (_ place: Int) -> ConfigurationObject
  ) -> [StageProposal] {
    (0..<count).map { place in
      var settings = settings(place)
      settings["layer"] = .string(Sequential.name(of: label, at: place))
      return StageProposal(greedyName(place), settings)
    }
  }

  /// The name of the greedy stage of the layer at a place.
  static func greedyName(_ place: Int) -> String { "pretrain-\(place + 1)" }
}

extension ConfigurationObject {
  /// The settings of a stage that trains a model, or a layer of it, to reconstruct its inputs.
  static func reconstructing(loss: Specification, corruption: Specification? = nil) -> ConfigurationObject {
    var objective: ConfigurationObject = ["name": "reconstruction", "loss": loss.value]
    objective["corruption"] = corruption?.value
    return ["objective": .object(objective), "metrics": ["squared-error"]]
  }
}

extension Check {
  /// The widths of layers, each at least 1; there may be none.
  static func widths(_ widths: [Int], _ field: String) throws -> [Int] {
    for (index, width) in widths.enumerated() { try positive(width, ConfigurationPath([.key(field), .index(index)])) }
    return widths
  }
}

extension Registries {
  /// One product for each of `count` layers, from a list of one for all or one for each.
  func perLayer<Product>(
    _ kind: Kind<Product>, _ specifications: [Specification], count: Int, _ field: ConfigurationPath
  ) throws -> [Product] {
    try Check.that(
      specifications.count == 1 || specifications.count == count, field,
      "one \(kind.name), or one for each of \(count) layers", found: specifications.count)
    let made = try specifications.map { try make(kind, $0) }
    return made.count == 1 ? Array(repeating: made[0], count: count) : made
  }
}
