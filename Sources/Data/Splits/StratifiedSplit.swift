import AviaryCore
import AviaryRegistry

/// A random split by fractions in which every class has the same frequency in each part, as nearly as whole rows allow.
///
/// The parts have the sizes of ``FractionSplit``. Each class's number of rows in a part is its exact fraction rounded
/// down or up, by the method of largest remainders (Hamilton, 1792). A random permutation decides which rows these are,
/// and their order.
public struct StratifiedSplit: Split, Registrable {
  public static let name = "stratified"
  public static let card = Card(
    "Random parts of given sizes, in which classes are as frequent as in the whole set.")

  var fractions = PartFractions()
  var own = OwnSeed()

  public init() {}

  /// A split by fractions. Traps if they leave no training rows.
  public init(test: Double, validation: Double = 0) {
    fractions = PartFractions(test: test, validation: validation)
    self = required()
  }

  /// Walks over a permutation and assigns each row to the first part that lacks rows of its class.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    guard let labels = set.labels?.scalars(as: Int.self), let classes = set.classes else {
      throw DataError(
        set.name,
        "a stratified split needs labels, but the set has \(set.targets == nil ? "no targets" : "values as targets"); if that "
          + "is intended, use the split 'fractions'")
    }
    let (test, validation) = try fractions.counts(of: set.count, in: set.name)
    var sizes = [Int](repeating: 0, count: classes)
    for label in labels { sizes[label] += 1 }
    var lacking = [Self.apportion(test, among: sizes, upTo: sizes)]
    lacking.append(Self.apportion(validation, among: sizes, upTo: zip(sizes, lacking[0]).map { $0 - $1 }))
    var parts: [[Int]] = [[], [], []]
    for row in own.source(else: random)["split"].permutation(set.count).scalars(as: Int.self) {
      let part = lacking.firstIndex { $0[labels[row]] > 0 } ?? 2
      if part < 2 { lacking[part][labels[row]] -= 1 }
      parts[part].append(row)
    }
    return Partition(train: parts[2], validation: parts[1], test: parts[0])
  }

  /// Distributes `total` in proportion to `weights`, in integers within limits: each gets its exact amount rounded
  /// down, and the rest goes to the largest remainders, the first of equal ones.
  static func apportion(_ total: Int, among weights: [Int], upTo limits: [Int]) -> [Int] {
    let sum = Double(max(weights.reduce(0, +), 1))
    let exact = weights.map { Double(total) * Double($0) / sum }
    var shares = zip(exact, limits).map { min(Int($0), $1) }
    let order = weights.indices.sorted { a, b in
      let (left, right) = (exact[a] - exact[a].rounded(.down), exact[b] - exact[b].rounded(.down))
      return left == right ? a < b : left > right
    }
    var rest = total - shares.reduce(0, +)
    while rest > 0,
      let place = order.first(where: { shares[$0] < limits[$0] && shares[$0] <= Int(exact[$0]) })
        ?? order.first(where: { shares[$0] < limits[$0] })
    {
      shares[place] += 1
      rest -= 1
    }
    return shares
  }
}
