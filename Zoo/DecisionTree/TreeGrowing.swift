import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining
import Dispatch
import Synchronization

/// Grows the trees of `decision-tree` and `random-forest` from all training rows, without an optimizer.
///
/// Each node is split by the feature and the threshold that reduce the impurity of its rows most: for classes the Gini impurity
/// 1 − Σ p² or the entropy, for values the variance. A tree of a forest sees a bootstrap sample, as many rows drawn with
/// replacement, and in each node only some features. The loss is the mean squared error of the answers: of probabilities the Brier
/// score.
public struct TreeGrowing: FittingObjective, Registrable {
  public static let name = "tree-growing"
  public static let card = Card(
    "Grows decision trees from all training rows, for the models decision-tree and random-forest.",
    formula: "split = argmax Σ over children n·(1 − impurity)",
    references: [
      "Breiman, Friedman, Olshen, Stone: Classification and regression trees (1984)",
      "Breiman: Random forests (2001)",
    ])

  var growth = TreeFields()
  var sampling = SamplingFields()
  private static let error = Supervised(MeanSquaredError())

  /// The features that a node looks at.
  public enum Subset: String, CaseIterable, FieldValue, Sendable {
    case all
    case squareRoot = "square-root"
    case third

    func count(of features: Int) -> Int? {
      switch self {
      case .all: nil
      case .squareRoot: max(1, Int(Double(features).squareRoot()))
      case .third: max(1, features / 3)
      }
    }
  }

  public init() {}

  public var predictsProbabilities: Bool { true }

  /// Throws `ConfigurationError` unless a batch has all rows, and for an entropy of values.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    try stage.requireWholeBatches(of: data)
    if growth.criterion == .entropy, data.task.classes == nil {
      throw ConfigurationError(
        .invalid("an entropy needs classes, but the targets are values; use gini"), at: "criterion")
    }
  }

  /// Grows the trees on the batch.
  public func fit(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveFit {
    guard let ensemble = (model.layer as? Sequential)?.layers.last as? TreeEnsemble else {
      throw ModelError("'\(Self.name)' grows trees, which only 'decision-tree' and 'random-forest' have")
    }
    let x = batch.inputs.reshaped(to: [batch.count, -1]).cast(to: .float32)
    guard x.isFinite().all().item() != 0 else { throw ModelError("the inputs are not all finite") }
    let columns = (0..<x.shape[1]).map { x.slice(axis: 1, $0..<$0 + 1).flattened().scalars(as: Float.self) }
    let targets = try batch.values(outputs: ensemble.outputs).flattened().scalars(as: Double.self)
    let limits = TreeGrower.Limits(
      depth: ensemble.depth, leastSplit: growth.leastSplit, leastLeaf: growth.leastLeaf, criterion: growth.criterion,
      features: sampling.features.count(of: columns.count))
    let (random, sampling) = (context.random["trees"], sampling)
    let orders = Self.concurrently(columns.count) { TreeGrower.order(of: columns[$0]) }
    let trees = Self.concurrently(ensemble.trees) { index in
      let own = random[index]
      var counts = [Int](repeating: 0, count: sampling.bootstrap ? batch.count : 0)
      if sampling.bootstrap {
        for row in own["rows"].integers([batch.count], in: 0..<batch.count).scalars(as: Int.self) { counts[row] += 1 }
      }
      return TreeGrower.tree(
        columns: columns, orders: orders, targets: targets, outputs: ensemble.outputs,
        counts: sampling.bootstrap ? counts : nil, limits, random: own["features"])
    }
    var values: [Int: Tensor] = [:]
    for index in model.parameterIndices {
      let entry = model.parameters.entries[index]
      let numbers =
        switch entry.name.split(separator: ".").last {
        case "feature": trees.flatMap(\.feature)
        case "threshold": trees.flatMap(\.threshold)
        default: trees.flatMap(\.value)
        }
      values[index] = Tensor(numbers, shape: entry.shape).cast(to: model.dtype)
    }
    var fitted = model
    fitted.parameters.apply(values)
    return ObjectiveFit(values, assessment: try assess(fitted, batch, context))
  }

  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    try Self.error.assess(model, batch, context)
  }

  /// The results of a function for 0, 1, … on all threads.
  private static func concurrently<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let result = body(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
