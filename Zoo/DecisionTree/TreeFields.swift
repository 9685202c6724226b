import AviaryRegistry

/// Fields common to everything that grows trees.
struct TreeFields: FieldGroup {
  @Field("gini: Gini impurity of classes, variance of values; entropy: of classes") var criterion = SplitCriterion.gini
  @Field("Minimum number of rows for splitting a node", .atLeast(2)) var leastSplit = 2
  @Field("Minimum number of rows in a leaf", .positive) var leastLeaf = 1

  init() {}

  init(_ criterion: SplitCriterion, leastSplit: Int, leastLeaf: Int) {
    self.criterion = criterion
    self.leastSplit = leastSplit
    self.leastLeaf = leastLeaf
  }
}

/// The random parts of the rows and features that the trees of a forest see.
struct SamplingFields: FieldGroup {
  @Field("Features considered at each node: all, the square root of their number, or a third")
  var features = TreeGrowing.Subset.squareRoot
  @Field("Whether each tree sees a bootstrap sample of the rows") var bootstrap = true

  init() {}

  init(_ features: TreeGrowing.Subset, bootstrap: Bool) {
    self.features = features
    self.bootstrap = bootstrap
  }
}

extension SplitCriterion: FieldValue {}

extension ConfigurationObject {
  /// The object with the keys of another one added.
  func joined(with other: ConfigurationObject) -> ConfigurationObject {
    other.reduce(into: self) { $0[$1.key] = $1.value }
  }
}
