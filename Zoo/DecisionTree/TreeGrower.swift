import AviaryCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How a tree judges a split.
public enum SplitCriterion: String, CaseIterable, Sendable {
  /// Gini impurity 1 − Σ p² of classes, variance of values.
  case gini
  /// Entropy −Σ p·log p of classes.
  case entropy
}

/// Grows a binary decision tree from rows: at each node the split that reduces the impurity most, over all features and all
/// thresholds between two values. (Breiman, Friedman, Olshen, Stone: Classification and regression trees, 1984.)
///
/// With one-hot targets, the variance summed over the outputs is the Gini impurity. Rows of each feature are sorted once; nodes
/// keep them sorted. A tie goes to the first feature and the least threshold.
struct TreeGrower {
  /// What bounds the tree.
  struct Limits {
    var depth: Int
    var leastSplit: Int
    var leastLeaf: Int
    var criterion: SplitCriterion
    /// The number of features considered at each node; nil for all.
    var features: Int?
  }

  /// Node n's children are 2n + 1 and 2n + 2.
  struct Tree {
    /// The feature a node splits by; −1 for a leaf.
    var feature: [Float]
    /// Rows with a value up to the threshold go to the first child.
    var threshold: [Float]
    /// The mean of the targets, [nodes · outputs].
    var value: [Float]
  }

  let limits: Limits
  /// The inputs by feature.
  let columns: [[Float]]
  /// The targets by row.
  let targets: [Double]
  let outputs: Int
  private var tree: Tree
  /// Whether a row goes to the first child of the node that is being split.
  private var goesFirst: [Bool]

  /// - Parameters:
  ///   - columns: the inputs by feature.
  ///   - targets: the targets [rows · outputs], one-hot for classes.
  ///   - outputs: the number of outputs.
  ///   - limits: what bounds the tree.
  init(columns: [[Float]], targets: [Double], outputs: Int, _ limits: Limits) {
    (self.columns, self.targets, self.outputs, self.limits) = (columns, targets, outputs, limits)
    let nodes = 1 << (limits.depth + 1) - 1
    tree = Tree(
      feature: [Float](repeating: -1, count: nodes), threshold: [Float](repeating: 0, count: nodes),
      value: [Float](repeating: 0, count: nodes * outputs))
    goesFirst = [Bool](repeating: false, count: columns.first?.count ?? 0)
  }

  /// The rows sorted by a feature's values.
  static func order(of column: [Float]) -> [Int32] {
    let pairs = column.enumerated().map { (value: $1, row: Int32($0)) }
    return pairs.sorted { $0.value < $1.value || $0.value == $1.value && $0.row < $1.row }.map(\.row)
  }

  /// Grows a tree from rows sorted by each feature. A row counts `counts` times, or once if that is nil. `random` draws the features
  /// considered at a node.
  static func tree(
    columns: [[Float]], orders: [[Int32]], targets: [Double], outputs: Int, counts: [Int]?, _ limits: Limits,
    random: RandomSource
  ) -> Tree {
    var grower = TreeGrower(columns: columns, targets: targets, outputs: outputs, limits)
    let sorted = counts.map { counts in
      orders.map { order in order.flatMap { repeatElement($0, count: counts[Int($0)]) } }
    }
    grower.grow(0, depth: 0, sorted ?? orders, random)
    return grower.tree
  }

  /// Sets a node's value, and splits it if that helps. `sorted` holds its rows in the order of each feature.
  private mutating func grow(_ node: Int, depth: Int, _ sorted: [[Int32]], _ random: RandomSource) {
    guard let rows = sorted.first else { return }
    let total = sums(of: rows)
    for output in 0..<outputs { tree.value[node * outputs + output] = Float(total[output] / Double(rows.count)) }
    guard depth < limits.depth, rows.count >= limits.leastSplit, let best = bestSplit(sorted, total, random[node])
    else {
      return
    }
    tree.feature[node] = Float(best.feature)
    tree.threshold[node] = best.threshold
    let column = columns[best.feature]
    for row in rows { goesFirst[Int(row)] = column[Int(row)] <= best.threshold }
    let first = sorted.map { $0.filter { goesFirst[Int($0)] } }
    let second = sorted.map { $0.filter { !goesFirst[Int($0)] } }
    grow(2 * node + 1, depth: depth + 1, first, random)
    grow(2 * node + 2, depth: depth + 1, second, random)
  }

  private func sums(of rows: [Int32]) -> [Double] {
    var sums = [Double](repeating: 0, count: outputs)
    for row in rows { for output in 0..<outputs { sums[output] += targets[Int(row) * outputs + output] } }
    return sums
  }

  /// How good a group of rows is: larger for purer ones. The sum over both children, without what all splits have in common.
  private func purity(_ sums: [Double], _ count: Double) -> Double {
    switch limits.criterion {
    case .gini: sums.reduce(0) { $0 + $1 * $1 } / count
    case .entropy: sums.reduce(0) { $1 > 0 ? $0 + $1 * log($1 / count) : $0 }
    }
  }

  private func bestSplit(
    _ sorted: [[Int32]], _ total: [Double], _ random: RandomSource
  ) -> (feature: Int, threshold: Float)? {
    let count = sorted[0].count
    var features = Array(columns.indices)
    if let some = limits.features, some < features.count {
      features = Array(random.permutation(features.count).scalars(as: Int.self)[..<some]).sorted()
    }
    let before = purity(total, Double(count))
    // Rounding errors are no improvement.
    var best: (feature: Int, threshold: Float)?
    var greatest = before + 1e-12 * max(1, before.magnitude)
    for feature in features {
      let (column, rows) = (columns[feature], sorted[feature])
      var (first, second) = ([Double](repeating: 0, count: outputs), total)
      for place in 0..<count - 1 {
        let row = Int(rows[place])
        for output in 0..<outputs {
          let target = targets[row * outputs + output]
          first[output] += target
          second[output] -= target
        }
        let (low, high) = (column[row], column[Int(rows[place + 1])])
        guard low < high, place + 1 >= limits.leastLeaf, count - place - 1 >= limits.leastLeaf else { continue }
        let gain = purity(first, Double(place + 1)) + purity(second, Double(count - place - 1))
        guard gain > greatest else { continue }
        greatest = gain
        let middle = low + (high - low) / 2
        best = (feature, middle < high ? middle : low)
      }
    }
    return best
  }
}
