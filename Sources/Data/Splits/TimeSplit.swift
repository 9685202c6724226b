import AviaryCore
import AviaryRegistry

/// A split by time: the test part is the end of a time series, the validation part comes before it, the training part
/// is the rest.
///
/// Windows over a series lie in one part as a whole: those across a border are left out, so that no part has values of
/// another. Rows that are not windows are split in the set's order.
public struct TimeSplit: Split, Registrable {
  public static let name = "time"
  public static let card = Card(
    "Parts by time: the end of a series is the test part; windows across a border are left out.")

  var fractions = PartFractions()
  @Field(
    "Whether validation and test windows may know steps before their part; the values that they forecast are always in it"
  )
  var knowsPast = false

  public init() {}

  /// A split by time. Traps if the fractions leave no training rows.
  public init(test: Double, validation: Double = 0, knowsPast: Bool = false) {
    fractions = PartFractions(test: test, validation: validation)
    self.knowsPast = knowsPast
    self = required()
  }

  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    let (known, total) = set.forecast.map { ($0.steps, $0.steps + $0.horizon) } ?? (0, 1)
    let starts = set.forecast?.starts ?? Array(0..<set.count)
    let end = (starts.last ?? 0) + total
    let counts = try fractions.counts(of: end, in: set.name)
    let (test, validation) = (end - counts.test, end - counts.test - counts.validation)
    let skipped = knowsPast ? known : 0
    func rows(_ range: Range<Int>, skipping: Int) -> [Int] {
      starts.indices.filter { starts[$0] + skipping >= range.lowerBound && starts[$0] + total <= range.upperBound }
    }
    let partition = Partition(
      train: rows(0..<validation, skipping: 0), validation: rows(validation..<test, skipping: skipped),
      test: rows(test..<end, skipping: skipped))
    for (part, steps, isWanted, found) in [
      ("training", validation, true, partition.train),
      ("validation", counts.validation, fractions.validation > 0, partition.validation),
      ("test", counts.test, fractions.test > 0, partition.test),
    ] where isWanted && found.isEmpty {
      let remedy =
        knowsPast || part == "training"
        ? "change split.test and split.validation, or set data.steps to a smaller number"
        : "set split.knowsPast to true, so that windows may know earlier steps, or change split.test and split.validation"
      throw DataError(
        set.name, "the \(part) part has \(steps) steps, too few for a window of \(total); \(remedy)")
    }
    return partition
  }
}
