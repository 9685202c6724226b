import AviaryCore
import AviaryRegistry

/// The split of programs that call `np.random.seed(seed)` and slice `np.random.permutation(n)`: the first ⌊test · n⌋
/// rows of the permutation are the test part, the next ⌊validation · n⌋ the validation part, the rest the training
/// part, each in the permutation's order.
///
/// `draw` k uses the k-th permutation after seeding, for programs that drew k − 1 before. The run's seed has no effect.
public struct NumPyLegacySplit: Split, Registrable {
  public static let name = "numpy-legacy"
  public static let card = Card(
    "The split of NumPy programs that use np.random.seed and np.random.permutation, to reproduce it.",
    references: [
      "Matsumoto, Nishimura: Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number generator (1998)"
    ])

  @Field("Seed given to NumPy", .in(0...4_294_967_295)) var seed = 100
  @Field("Which permutation after seeding to use, 1 for the first", .in(1...1000)) var draw = 1
  var fractions = PartFractions(test: 0.1, validation: 0)

  public init() {}

  /// The split with a seed. Traps unless `draw` is from 1 to 1000 and `test` is at least 0 and below 1.
  public init(seed: UInt32 = 100, draw: Int = 1, test: Double = 0.1, file: StaticString = #fileID, line: UInt = #line) {
    self.seed = Int(seed)
    self.draw = draw
    fractions.test = test
    self = required(file: file, line: line)
  }

  /// Draws the permutations and slices the last one.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    let test = Int(Double(set.count) * fractions.test)
    let validation = Int(Double(set.count) * fractions.validation)
    guard set.count > test + validation, set.count <= Int(UInt32.max) else {
      throw DataError(set.name, "\(set.count) rows cannot be split like this")
    }
    var generator = LegacyNumPyRandom(seed: UInt32(seed))
    var rows: [Int] = []
    for _ in 0..<draw { rows = generator.permutation(set.count) }
    return Partition(
      train: Array(rows[(test + validation)...]), validation: Array(rows[test..<(test + validation)]),
      test: Array(rows[..<test]))
  }
}
