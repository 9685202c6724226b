/// How a CSV file is to be read; the defaults read RFC 4180 and most of what spreadsheets write.
public struct CSVOptions: Sendable, Hashable {
  /// Whether the first row names the columns.
  public enum Header: String, Sendable, Hashable, CaseIterable {
    /// It does where none of its fields is a number, or where a column begins with a text and goes on with a number.
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

  /// The ASCII character between fields: a comma by default.
  public var delimiter: Character
  /// Whether the first row names the columns.
  public var header: Header
  /// What a missing number becomes; an error by default.
  public var missingNumbers: MissingNumbers
  /// Fields that mean a missing number, whatever the case of their letters and the blanks around them. By default the
  /// empty field, NA, N/A, NaN, null and the question mark.
  public var missingMarkers: Set<String>

  /// Options with the given parts.
  public init(
    delimiter: Character = ",", header: Header = .automatic, missingNumbers: MissingNumbers = .refused,
    missingMarkers: Set<String> = ["", "NA", "N/A", "NaN", "null", "?"]
  ) {
    self.delimiter = delimiter
    self.header = header
    self.missingNumbers = missingNumbers
    self.missingMarkers = missingMarkers
  }
}
