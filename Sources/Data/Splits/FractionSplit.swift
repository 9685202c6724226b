import AviaryCore
import AviaryRegistry

/// Parts drawn from all rows alike: the first rows of a random permutation are the test part, the next ones the validation part,
/// the rest is trained with. Each part is in the permutation's order.
public struct FractionSplit: Split, Registrable {
  public static let name = "fractions"
  public static let card = Card(
    "Parts of given sizes, drawn at random from all rows alike.")

  var fractions = PartFractions()
  var own = OwnSeed()

  public init() {}

  /// A split by fractions. Traps where they leave nothing to train with.
  public init(test: Double, validation: Double = 0) {
    fractions = PartFractions(test: test, validation: validation)
    self = required()
  }

  /// Draws a permutation and cuts it.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    let (test, validation) = try fractions.counts(of: set.count, in: set.name)
    let rows = own.source(else: random)["split"].permutation(set.count).scalars(as: Int.self)
    return Partition(
      train: Array(rows[(test + validation)...]), validation: Array(rows[test..<(test + validation)]),
      test: Array(rows[..<test]))
  }
}
