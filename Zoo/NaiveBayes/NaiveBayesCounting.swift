import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Estimates the classes' priors and the features' distributions of `naive-bayes` from all training rows, without an optimizer.
///
/// ```
/// gaussian:     μ = mean, σ² = variance + smoothing · the largest variance of a feature
/// bernoulli:    p = (rows with x > 0 + alpha) / (rows + 2·alpha)
/// multinomial:  p = (Σ x + alpha) / (Σ over all features + alpha · features)
/// ```
///
/// The loss is the negative log-likelihood of the class, −log p(t | x).
public struct NaiveBayesCounting: FittingObjective, Registrable {
  public static let name = "naive-bayes-counting"
  public static let card = Card(
    "Estimates priors and distributions of the model naive-bayes from all training rows.",
    formula: "pₖ = nₖ/n;  μ, σ², or p from the rows of each class")

  var counting = CountingFields()
  private static let error = Supervised(SoftmaxCrossEntropy())

  public init() {}

  public var predictsProbabilities: Bool { true }

  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? {
    try Self.error.predictions(part, of: inputs)
  }

  /// Throws `ConfigurationError` unless a batch has all rows.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    try stage.requireWholeBatches(of: data)
  }

  public func fit(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveFit {
    guard let layer = (model.layer as? Sequential)?.layers.last as? NaiveBayesLayer else {
      throw ModelError("'\(Self.name)' fits only 'naive-bayes'")
    }
    guard let labels = batch.targets, labels.dtype == .int64 else { throw LossError("counting needs labels") }
    let x = batch.inputs.reshaped(to: [batch.count, -1]).cast(to: .float64)
    if layer.distribution == .multinomial, x.elementCount > 0, x.min().item() < 0 {
      throw ModelError("'multinomial' takes counts, which are not negative, but an input is \(x.min().item())")
    }
    // [classes, rows]: which rows are a class's.
    let members = labels.oneHot(classes: layer.classes, dtype: .float64).transposed()
    let counts = members.sum(axes: [1], keepingDimensions: true)
    if let empty = counts.flattened().scalars(as: Double.self).firstIndex(of: 0) {
      throw ModelError("class \(empty) has no training rows")
    }
    var found = estimates(layer.distribution, x, members, counts)
    found["prior"] = (counts.flattened() / Double(batch.count)).log()
    var values: [Int: Tensor] = [:]
    for (name, value) in found { values[model.index(in: 0, of: name)] = value.cast(to: model.dtype) }
    var fitted = model
    fitted.parameters.apply(values)
    return ObjectiveFit(values, assessment: try assess(fitted, batch, context))
  }

  private func estimates(
    _ distribution: NaiveBayes.Distribution, _ x: Tensor, _ members: Tensor, _ counts: Tensor
  ) -> [String: Tensor] {
    switch distribution {
    case .gaussian:
      let mean = members.matmul(x) / counts
      // Row by row around its class's mean.
      let deviations = x - members.matmul(mean, transposingSelf: true)
      let largest = x.variance(axes: [0]).max().item()
      return ["first": mean, "second": members.matmul(deviations.square()) / counts + counting.smoothing * largest]
    case .bernoulli:
      let share = (members.matmul((x .> 0).cast(to: .float64)) + counting.alpha) / (counts + 2 * counting.alpha)
      return ["first": share.log(), "second": (1 - share).log()]
    case .multinomial:
      let sums = members.matmul(x) + counting.alpha
      return ["first": (sums / sums.sum(axes: [1], keepingDimensions: true)).log()]
    }
  }

  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    try Self.error.assess(model, batch, context)
  }
}

extension Model {
  /// The index in the store of a parameter of a layer of the chain.
  func index(in place: Int, of name: String) -> Int {
    guard let part = try? layers(place..<place + 1),
      let index = part.parameterIndices.first(where: { parameters.entries[$0].name.hasSuffix(".\(name)") })
    else { trap("the model has no parameter '\(name)'") }
    return index
  }
}
