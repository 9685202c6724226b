import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// How a dense layer begins and is kept small: what several models configure alike.
struct DenseTemplate: Sendable {
  var weight: any Initializer
  var bias: any Initializer
  var regularizer: (any Regularizer)?

  func layer(_ units: Int, activation: any Activation = Identity()) -> Dense {
    Dense(
      units, activation: activation, weightInitializer: weight, biasInitializer: bias, weightRegularizer: regularizer)
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
}

extension Registries {
  /// One initializer for each of `count` layers, from a list of one for all or one for each.
  func initializers(
    _ specifications: [Specification], count: Int, _ field: ConfigurationPath
  ) throws -> [any Initializer] {
    try Check.that(
      specifications.count == 1 || specifications.count == count, field,
      "one initializer, or one for each of \(count) layers",
      found: specifications.count)
    let made = try specifications.map { try make(.initializer, $0) }
    return made.count == 1 ? Array(repeating: made[0], count: count) : made
  }
}
