import AviaryCore
import AviaryRegistry

/// One fold of k for testing and the others for training: what cross-validation repeats for each fold.
///
/// With `ordered`, for rows in chronological order, fold i of k trains on the first i of k + 1 equal blocks and tests on the next,
/// so that training never sees the future. (Stone: Cross-validatory choice and assessment of statistical predictions,
/// 1974.)
public struct KFoldSplit: Split, Registrable {
  /// How rows are assigned to folds.
  public enum Order: String, CaseIterable, FieldValue, Sendable {
    /// At random.
    case random
    /// At random, so that classes are as frequent in each fold as in the whole set.
    case stratified
    /// In the rows' order; test rows are later than training rows.
    case ordered
  }

  public static let name = "k-fold"
  public static let card = Card(
    "One fold of k for testing, the others for training.",
    references: ["Stone: Cross-validatory choice and assessment of statistical predictions (1974)"])

  @Field("Number of folds k; null for one per row: leave-one-out", .atLeast(2)) var folds: Int? = 5
  @Field("Fold to test on, from 1", .positive) var fold = 1
  @Field(
    "random; stratified: classes as frequent as in the whole set; ordered: earlier rows train, later rows test")
  var order = Order.random
  @Field("Fraction of the other rows to use for validation", .in(0..<1)) var validation = 0.0
  var own = OwnSeed()

  public init() {}

  /// A fold for testing. Traps for numbers out of range.
  public init(folds: Int? = 5, fold: Int = 1, order: Order = .random, validation: Double = 0) {
    self.folds = folds
    self.fold = fold
    self.order = order
    self.validation = validation
    self = required()
  }

  public func validate() throws {
    guard let folds else { return }
    try Check.that(fold <= folds, "fold", "a number of at most \(folds), the number of folds", found: fold)
  }

  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    let folds = folds ?? (order == .ordered ? set.count - 1 : set.count)
    let blocks = order == .ordered ? folds + 1 : folds
    guard set.count >= max(blocks, 2), fold <= folds else {
      throw DataError(
        set.name, "its \(set.count) rows are too few for fold \(fold) of \(folds); use fewer folds")
    }
    func range(_ block: Int) -> Range<Int> { set.count * block / blocks..<set.count * (block + 1) / blocks }
    let test: [Int]
    var train: [Int]
    switch order {
    case .ordered:
      train = Array(0..<range(fold - 1).upperBound)
      test = Array(range(fold))
    case .random, .stratified:
      let rows = own.source(else: random)["folds"].permutation(set.count).scalars(as: Int.self)
      let members = order == .random ? Array(rows[range(fold - 1)]) : try stratified(rows, set, folds)
      let tested = Set(members)
      test = members
      train = rows.filter { !tested.contains($0) }
    }
    let kept = validation == 0 ? 0 : max(1, Int((Double(train.count) * validation).rounded()))
    guard kept < train.count else {
      throw DataError(set.name, "its fold leaves \(train.count) rows, too few for \(kept) validation rows; use fewer")
    }
    let rest = Array(train.suffix(kept))
    train.removeLast(kept)
    return Partition(train: train, validation: rest, test: test)
  }

  /// Deals the rows to the folds class by class, like cards.
  private func stratified(_ rows: [Int], _ set: DataSet, _ folds: Int) throws -> [Int] {
    guard let labels = set.labels?.scalars(as: Int.self), let classes = set.classes, labels.count == set.count else {
      throw DataError(
        set.name, "stratified folds need a label for each row; set the split's order to random")
    }
    var members: [[Int]] = Array(repeating: [], count: classes)
    for row in rows { members[labels[row]].append(row) }
    return members.flatMap { $0 }.enumerated().filter { $0.offset % folds == fold - 1 }.map(\.element)
  }
}
