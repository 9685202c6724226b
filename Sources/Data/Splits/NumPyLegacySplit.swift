import AviaryCore
import AviaryRegistry

/// The split of programs that call `np.random.seed(seed)` and cut `np.random.permutation(n)`: the first ⌊test · n⌋ rows
/// of the permutation are the test part, the next ⌊validation · n⌋ the validation part, the rest trains; each in the permutation's
/// order.
///
/// With `draw` k it is the k-th permutation after seeding that is cut, for programs that drew k − 1 before. The run's
/// seed plays no part.
public struct NumPyLegacySplit: Split, Registrable {
  /// The split's configuration.
  public struct Configuration: ConfigurationFields {
    /// NumPy's seed.
    public var seed = 100
    /// Which permutation after seeding.
    public var draw = 1
    /// The test part's share.
    public var test = 0.1
    /// The validation part's share.
    public var validation = 0.0

    /// The first permutation of the seed 100, a tenth of it for testing.
    public init() {}
  }

  /// `"numpy-legacy"`.
  public static let name = "numpy-legacy"
  /// What is worth knowing.
  public static let card = Card(
    "The parts that NumPy programs draw by np.random.seed and np.random.permutation, to repeat their splits.",
    fields: [
      "seed": "The seed given to NumPy, from 0 to 4294967295.",
      "draw": "Which permutation after seeding is cut: 1 for the first, at most 1000.",
      "test": "Share of the rows to judge by, the first of the permutation; at least 0 and below 1, rounded down.",
      "validation": "Share of the rows to decide on early stopping by, the next ones; rounded down.",
    ],
    references: [
      "Matsumoto, Nishimura: Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number generator (1998)"
    ])

  let seed: UInt32
  let draw: Int
  let fractions: PartFractions

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    seed = UInt32(try Check.value(configuration.seed, in: 0...Int(UInt32.max), "seed"))
    draw = try Check.value(configuration.draw, in: 1...1000, "draw")
    fractions = try PartFractions(test: configuration.test, validation: configuration.validation)
  }

  /// The split of a seed. Traps unless `draw` is from 1 to 1000 and `test` is at least 0 and below 1.
  public init(seed: UInt32 = 100, draw: Int = 1, test: Double = 0.1, file: StaticString = #fileID, line: UInt = #line) {
    require((1...1000).contains(draw), "the permutation number \(draw) after seeding", file, line)
    self.seed = seed
    self.draw = draw
    fractions = .trapping(test: test, validation: 0)
  }

  /// Draws the permutations and cuts the last one.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    let test = Int(Double(set.count) * fractions.test)
    let validation = Int(Double(set.count) * fractions.validation)
    guard set.count > test + validation, set.count <= Int(UInt32.max) else {
      throw DataError(set.name, "\(set.count) rows cannot be cut like this")
    }
    var generator = LegacyNumPyRandom(seed: seed)
    var rows: [Int] = []
    for _ in 0..<draw { rows = generator.permutation(set.count) }
    return Partition(
      train: Array(rows[(test + validation)...]), validation: Array(rows[test..<(test + validation)]),
      test: Array(rows[..<test]))
  }
}
