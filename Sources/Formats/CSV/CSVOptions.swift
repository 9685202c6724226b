/// How to read a CSV file; the defaults read RFC 4180 and most spreadsheet exports.
public struct CSVOptions: Sendable, Hashable {
  /// Whether the first row names the columns.
  public enum Header: String, Sendable, Hashable, CaseIterable {
    /// Yes, if none of its fields is a number, if a column begins with a string and continues with a number, or if its
    /// numbers count up from column to column and those of the rows below do not.
    case automatic
    /// Yes.
    case present
    /// No, it is data.
    case absent
  }

  /// How to read a missing number.
  public enum MissingNumbers: String, Sendable, Hashable, CaseIterable {
    /// An error that names its place.
    case refused
    /// NaN.
    case nan
  }

  /// The ASCII character between fields; default: a comma. nil detects a comma, semicolon, tab or `|`, whichever splits
  /// the first rows alike.
  public var delimiter: Character?
  /// The decimal mark of numbers, a point by default, or a comma; nil detects it.
  public var decimalMark: Character?
  /// Whether the first row names the columns.
  public var header: Header
  /// How to read a missing number; default: an error.
  public var missingNumbers: MissingNumbers
  /// Fields that mean a missing number, regardless of case and surrounding blanks. Default: the empty field, NA, N/A,
  /// NaN, null and the question mark.
  public var missingMarkers: Set<String>

  public init(
    delimiter: Character? = ",", decimalMark: Character? = ".", header: Header = .automatic,
    missingNumbers: MissingNumbers = .refused,
    missingMarkers: Set<String> = ["", "NA", "N/A", "NaN", "null", "?"]
  ) {
    self.delimiter = delimiter
    self.decimalMark = decimalMark
    self.header = header
    self.missingNumbers = missingNumbers
    self.missingMarkers = missingMarkers
  }
}
