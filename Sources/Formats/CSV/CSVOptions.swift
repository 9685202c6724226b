/// How a CSV file is to be read; the defaults read RFC 4180 and most of what spreadsheets write.
public struct CSVOptions: Sendable, Hashable {
  /// Whether the first row names the columns.
  public enum Header: String, Sendable, Hashable, CaseIterable {
    /// It does where none of its fields is a number, where a column begins with a text and goes on with a number, or where
    /// its numbers count up from column to column and those of the rows beneath do not.
    case automatic
    /// It does.
    case present
    /// It is data.
    case absent
  }

  /// What a missing number becomes.
  public enum MissingNumbers: String, Sendable, Hashable, CaseIterable {
    /// An error that names its place.
    case refused
    /// Not a number.
    case nan
  }

  /// The ASCII character between fields: a comma by default; nil where a comma, a semicolon, a tab or `|` is to be found,
  /// whichever parts the first rows alike.
  public var delimiter: Character?
  /// What stands before the decimals of a number: a point by default, or a comma; nil where it is to be found.
  public var decimalMark: Character?
  /// Whether the first row names the columns.
  public var header: Header
  /// What a missing number becomes; an error by default.
  public var missingNumbers: MissingNumbers
  /// Fields that mean a missing number, whatever the case of their letters and the blanks around them. By default the
  /// empty field, NA, N/A, NaN, null and the question mark.
  public var missingMarkers: Set<String>

  /// Options with the given parts.
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
