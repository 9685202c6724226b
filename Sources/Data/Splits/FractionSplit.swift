import AviaryCore
import AviaryRegistry

/// A random split by fractions: the first rows of a random permutation are the test part, the next ones the validation
/// part, the rest the training part, each in the permutation's order.
public struct FractionSplit: Split, Registrable {
  public static let name = "fractions"
  public static let card = Card(
    "Random parts of given sizes.")

  var fractions = PartFractions()
  var own = OwnSeed()

  public init() {}

  /// A split by fractions. Traps if they leave no training rows.
  public init(test: Double, validation: Double = 0) {
    fractions = PartFractions(test: test, validation: validation)
    self = required()
  }

  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    let (test, validation) = try fractions.counts(of: set.count, in: set.name)
    let rows = own.source(else: random)["split"].permutation(set.count).scalars(as: Int.self)
    return Partition(
      train: Array(rows[(test + validation)...]), validation: Array(rows[test..<(test + validation)]),
      test: Array(rows[..<test]))
  }
}
