import AviaryCore
import AviaryRegistry

/// Parts drawn from all rows alike: the first rows of a random permutation are the test part, the next ones the validation part,
/// the rest is trained with. Each part is in the permutation's order.
public struct FractionSplit: Split, Registrable {
  /// The split's configuration.
  public struct Configuration: ConfigurationFields {
    /// The test part's share.
    public var test = 0.2
    /// The validation part's share.
    public var validation = 0.0
    /// For the same parts whatever the run's seed.
    public var seed: Int?

    /// A fifth for testing.
    public init() {}
  }

  /// `"fractions"`.
  public static let name = "fractions"
  /// What is worth knowing.
  public static let card = Card(
    "Parts of given sizes, drawn at random from all rows alike.",
    fields: [
      "test": "Share of the rows to judge by, at least 0 and below 1.",
      "validation": "Share of the rows to decide on early stopping by, at least 0 and below 1 - test.",
      "seed": "Draws the same parts whatever the run's seed; unless given, they follow the run's.",
    ])

  let fractions: PartFractions
  let seed: Int?

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    fractions = try PartFractions(test: configuration.test, validation: configuration.validation)
    seed = try configuration.seed.map { try Check.nonNegative($0, "seed") }
  }

  /// A split by fractions. Traps where they leave nothing to train with.
  public init(test: Double, validation: Double = 0) {
    fractions = .trapping(test: test, validation: validation)
    seed = nil
  }

  /// Draws a permutation and cuts it.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    let (test, validation) = try fractions.counts(of: set.count, in: set.name)
    let rows = source(ofSeed: seed, else: random).permutation(set.count).scalars(as: Int.self)
    return Partition(
      train: Array(rows[(test + validation)...]), validation: Array(rows[test..<(test + validation)]),
      test: Array(rows[..<test]))
  }
}
