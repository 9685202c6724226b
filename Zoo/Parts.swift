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
      throw ModelError("the model '\(model)' tells classes apart, and the data's targets are no labels")
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

extension Check {
  /// The widths of layers, each at least 1.
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
