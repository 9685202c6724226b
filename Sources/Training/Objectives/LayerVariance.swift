import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// Data-dependent initialization: layer by layer, makes the weights orthogonal and scales them until the layer's
/// outputs on a batch have variance 1 (layer-sequential unit variance).
///
///     W ← orthogonal;  W ← W / √Var(f(x)) until |Var − 1| < tolerance
///
/// This applies in order to each layer of the chain that has weights [in, out] or filters, at most `trials` times per
/// layer. Outputs are taken after the layer's activation. Biases stay unchanged.
///
/// Use it as the objective of a stage before the training; it needs no optimizer:
///
/// ```json
/// "stages": [{"name": "lsuv", "objective": "layer-variance", "epochs": 1, "batchSize": 512, "dropsLast": true}, {"name": "train"}]
/// ```
///
/// Each further batch continues from the current values. (Mishkin and Matas: All you need is a good init, 2016,
/// arXiv:1511.06422.)
public struct LayerVariance: FittingObjective, Registrable {
  public static let name = "layer-variance"
  public static let card = Card(
    "Data-dependent initialization: scales each layer's weights until its outputs have variance 1 (LSUV).",
    formula: "W ← orthogonal;  W ← W / √Var(f(x))",
    references: ["Mishkin, Matas: All you need is a good init (2016), arXiv:1511.06422"])

  @Field("Maximum deviation of a variance from 1", .positive) var tolerance = 0.1
  @Field("Maximum number of scalings per layer", .positive) var trials = 10
  @Field("Whether to start from orthogonal weights; otherwise from the current ones") var orthogonal = true

  public init() {}

  public var targetKind: TargetKind? { nil }

  /// Throws ``ModelError`` if the model is not a chain of layers, or none of them has weights.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    guard try !weights(of: part).isEmpty else {
      throw ModelError("the objective '\(Self.name)' scales the weights of layers, but no layer has any")
    }
  }

  /// The positions of layers with weights, and the index of the weights in the store.
  private func weights(of model: Model) throws -> [(place: Int, index: Int)] {
    guard let chain = model.layer as? Sequential else {
      throw ModelError("the objective '\(Self.name)' needs a chain of layers, but this model is not one")
    }
    return try chain.layers.indices.flatMap { place -> [(place: Int, index: Int)] in
      let own = Set(try model.layers(0..<place + 1).parameterIndices)
        .subtracting(try model.layers(0..<place).parameterIndices)
      return own.sorted().filter { index in
        let entry = model.parameters.entries[index]
        return entry.isTrainable && entry.shape.rank > 1
      }.prefix(1).map { (place, $0) }
    }
  }

  /// Initializes the weights, layer by layer.
  public func fit(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveFit {
    var fitted = model
    var values: [Int: Tensor] = [:]
    for (place, index) in try weights(of: model) {
      let entry = model.parameters.entries[index]
      if orthogonal, context.progress.step == 0 {
        let random = context.random["lsuv"][entry.name]
        values[index] = Orthogonal().values(
          shape: entry.shape, fans: Fans(entry.shape), random: random, dtype: model.dtype)
        fitted.parameters.apply(values)
      }
      for _ in 0..<trials {
        let variance = try fitted.layers(0..<place + 1).checkedOutputs(of: batch.inputs).variance().item()
        guard variance.isFinite, variance > 0, abs(variance - 1) >= tolerance else { break }
        values[index] = fitted.parameters.value(of: entry) / variance.squareRoot()
        fitted.parameters.apply(values)
      }
    }
    return ObjectiveFit(values, assessment: try assess(fitted, batch, context))
  }

  /// The deviation of the last layer's variance from 1.
  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    let outputs = try model.checkedOutputs(of: batch.inputs)
    return Assessment(loss: outputs.elementCount > 1 ? abs(outputs.variance().item() - 1) : 0, count: batch.count)
  }
}
