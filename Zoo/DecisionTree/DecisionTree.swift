import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A decision tree: questions about one feature each, from the root to a leaf, whose rows' mean is the answer. For classes
/// these are probabilities.
public struct DecisionTree: ModelDefinition, Registrable {
  public static let name = "decision-tree"
  public static let card = Card(
    "A tree of questions about one feature each; classes or values.",
    formula: "y = mean of the training rows in the leaf that x reaches",
    references: ["Breiman, Friedman, Olshen, Stone: Classification and regression trees (1984)"],
    tags: ["classifier", "regression", "classical"])

  @Field("Maximum depth: questions from the root to a leaf", .in(1...12)) var depth = 5
  var growth = TreeFields()

  public init() {}

  /// A tree. Throws `ConfigurationError` for values out of range.
  public init(depth: Int = 5, criterion: SplitCriterion = .gini, leastSplit: Int = 2, leastLeaf: Int = 1) throws {
    self.depth = depth
    growth = TreeFields(criterion, leastSplit: leastSplit, leastLeaf: leastLeaf)
    self = try checked()
  }

  public func network(for task: LearningTask) throws -> any Layer {
    Sequential([TreeEnsemble(trees: 1, depth: depth, outputs: try task.outputCount(of: Self.name))])
  }

  /// One stage, which grows the tree.
  public var stages: [StageProposal] {
    get throws {
      let sampling = SamplingFields(.all, bootstrap: false)
      return [.fitting(TreeGrowing.name, try growth.configuration().joined(with: sampling.configuration()))]
    }
  }
}

extension LearningTask {
  /// The number of classes or target values. Throws `ModelError` if there are no targets.
  func outputCount(of model: String) throws -> Int {
    guard let count = classes ?? target?.elementCount else {
      throw ModelError("the model '\(model)' predicts targets, but the data has none")
    }
    return count
  }
}
