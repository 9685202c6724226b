import AviaryRegistry

/// What the growth of every tree depends on.
struct TreeFields: FieldGroup {
  @Field("gini: Gini impurity of classes, variance of values; entropy: of classes") var criterion = SplitCriterion.gini
  @Field("Fewest rows of a node that is split", .atLeast(2)) var leastSplit = 2
  @Field("Fewest rows of a leaf", .positive) var leastLeaf = 1

  init() {}

  init(_ criterion: SplitCriterion, leastSplit: Int, leastLeaf: Int) {
    self.criterion = criterion
    self.leastSplit = leastSplit
    self.leastLeaf = leastLeaf
  }
}

extension SplitCriterion: FieldValue {}
