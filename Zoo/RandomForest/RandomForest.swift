import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// The mean of many decision trees, each grown from a bootstrap sample of the rows, with a random choice of features in each
/// node: what single trees learn of the noise averages out.
public struct RandomForest: ModelDefinition, Registrable {
  public static let name = "random-forest"
  public static let card = Card(
    "The mean of many decision trees on random samples of rows and features.", formula: "y = 1/T · Σ treeₜ(x)",
    references: ["Breiman: Random forests (2001)"], tags: ["classifier", "regression", "classical"])

  @Field("Number of trees T", .in(1...10_000)) var trees = 100
  @Field("Maximum depth of a tree", .in(1...12)) var depth = 8
  var growth = TreeFields()
  var sampling = SamplingFields()

  public init() {}

  /// A forest. Throws `ConfigurationError` for values out of range.
  public init(
    trees: Int = 100, depth: Int = 8, criterion: SplitCriterion = .gini, leastSplit: Int = 2, leastLeaf: Int = 1,
    features: TreeGrowing.Subset = .squareRoot, bootstrap: Bool = true
  ) throws {
    self.trees = trees
    self.depth = depth
    growth = TreeFields(criterion, leastSplit: leastSplit, leastLeaf: leastLeaf)
    sampling = SamplingFields(features, bootstrap: bootstrap)
    self = try checked()
  }

  public func network(for task: LearningTask) throws -> any Layer {
    Sequential([TreeEnsemble(trees: trees, depth: depth, outputs: try task.outputCount(of: Self.name))])
  }

  /// One stage, which grows the trees.
  public var stages: [StageProposal] {
    get throws {
      [.fitting(TreeGrowing.name, try growth.configuration().joined(with: sampling.configuration()))]
    }
  }
}
