import AviaryCore
import AviaryRegistry

/// Parts as ranges of rows, in the set's order: `{"train": "0..<50000", "validation": "50000..<60000", "test":
/// "60000..<70000"}`.
///
/// Several ranges are separated by commas. Without ranges of training rows, all rows that are in no other part train;
/// with them, rows that no range names are left out.
public struct RangeSplit: Split, Registrable {
  /// The split's configuration.
  public struct Configuration: ConfigurationFields {
    /// Rows to learn from.
    public var train: String?
    /// Rows to decide by.
    public var validation: String?
    /// Rows to judge by.
    public var test: String?

    /// All rows train.
    public init() {}
  }

  /// `"ranges"`.
  public static let name = "ranges"
  /// What is worth knowing.
  public static let card = Card(
    "Parts as ranges of rows such as \"0..<50000\", which leaves out the row 50000; several are separated by commas.",
    fields: [
      "train": "Rows to learn from, counted from 0; all that are in no other part unless given.",
      "validation": "Rows to decide on early stopping by; none unless given.",
      "test": "Rows to judge by; none unless given.",
    ])

  private let train: [Range<Int>]?
  private let validation: [Range<Int>]
  private let test: [Range<Int>]

  /// Reads the ranges.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    train = try configuration.train.map { try Self.ranges($0, "train") }
    validation = try configuration.validation.map { try Self.ranges($0, "validation") } ?? []
    test = try configuration.test.map { try Self.ranges($0, "test") } ?? []
  }

  /// Parts by ranges; the training part is what the others leave unless given.
  public init(train: Range<Int>? = nil, validation: Range<Int> = 0..<0, test: Range<Int> = 0..<0) {
    self.train = train.map { [$0] }
    self.validation = [validation]
    self.test = [test]
  }

  /// The rows. Throws ``DataError`` where the set is smaller or a row is in two parts.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    func rows(_ ranges: [Range<Int>], _ part: String) throws -> [Int] {
      if let range = ranges.first(where: { $0.lowerBound < 0 || $0.upperBound > set.count }) {
        throw DataError(
          set.name, "\(part): expected rows from 0 to \(set.count - 1) of '\(set.name)', found the range \(range)")
      }
      return ranges.flatMap { $0 }
    }
    let lists = try IndexSplit(
      train: train.map { try rows($0, "train") }, validation: rows(validation, "validation"), test: rows(test, "test"))
    return try lists.partition(set, random: random)
  }

  private static func ranges(_ text: String, _ field: ConfigurationPath) throws -> [Range<Int>] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let bounds = part.trimmingBlanks().split(separator: "..<", omittingEmptySubsequences: false).map { Int($0) }
      guard bounds.count == 2, let first = bounds[0], let end = bounds[1], first >= 0, first < end else {
        throw ConfigurationError(
          .invalid("expected ranges of rows such as \"0..<100\", found \"\(text.prefix(80))\""), at: field)
      }
      return first..<end
    }
  }
}
