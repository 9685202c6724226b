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

extension SplitCriterion: FieldValue {}
