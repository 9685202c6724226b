import AviaryCore
import AviaryRegistry

/// Parts as ranges of rows, in the set's order: `{"train": "0..<50000", "validation": "50000..<60000", "test":
/// "60000..<70000"}`.
///
/// Commas separate several ranges. Without training ranges, all rows in no other part are training rows; with them,
/// rows in no range are left out.
public struct RangeSplit: Split, Registrable {
  public static let name = "ranges"
  public static let card = Card(
    "Parts as ranges of rows such as \"0..<50000\", which excludes row 50000; commas separate several ranges.")

  @Field("Training rows, counted from 0; by default all that are in no other part") var train: RowRanges?
  @Field("Validation rows") var validation: RowRanges?
  @Field("Test rows") var test: RowRanges?

  public init() {}

  /// Parts by ranges; by default the training part is what the others leave.
  public init(train: Range<Int>? = nil, validation: Range<Int> = 0..<0, test: Range<Int> = 0..<0) {
    self.train = train.map { RowRanges([$0]) }
    self.validation = validation.isEmpty ? nil : RowRanges([validation])
    self.test = test.isEmpty ? nil : RowRanges([test])
  }

  /// The rows. Throws ``DataError`` if the set is smaller or a row is in two parts.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    func rows(_ rows: RowRanges?, _ part: String) throws -> [Int]? {
      guard let ranges = rows?.ranges else { return nil }
      if let range = ranges.first(where: { $0.lowerBound < 0 || $0.upperBound > set.count }) {
        throw DataError(
          set.name, "\(part): expected rows from 0 to \(set.count - 1) of '\(set.name)', found the range \(range)")
      }
      return ranges.flatMap { $0 }
    }
    let lists = try IndexSplit(
      train: rows(train, "train"), validation: rows(validation, "validation") ?? [], test: rows(test, "test") ?? [])
    return try lists.partition(set, random: random)
  }
}

/// Ranges of rows in order, written `"0..<50, 80..<100"`.
struct RowRanges: FieldValue {
  static let fieldType = FieldType.string
  let ranges: [Range<Int>]

  init(_ ranges: [Range<Int>]) { self.ranges = ranges }

  init(configurationValue value: ConfigurationValue) throws {
    let text = try String(configurationValue: value)
    ranges = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let bounds = part.trimmingBlanks().split(separator: "..<", omittingEmptySubsequences: false).map { Int($0) }
      guard bounds.count == 2, let first = bounds[0], let end = bounds[1], first >= 0, first < end else {
        throw ConfigurationError.unexpected("ranges of rows such as \"0..<100\"", value)
      }
      return first..<end
    }
  }

  var configurationValue: ConfigurationValue {
    .string(ranges.map { "\($0.lowerBound)..<\($0.upperBound)" }.joined(separator: ", "))
  }
}
