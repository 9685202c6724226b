/// Writing comma-separated values (RFC 4180). Reading them is ``CSVTable``'s.
public enum CSV {
  /// A row with its line end (LF); fields that need quotes get them.
  public static func line(_ fields: [String], delimiter: Character = ",") -> String {
    // A line without anything would be no row.
    if fields == [""] { return "\"\"\n" }
    return fields.map { field($0, delimiter: delimiter) }.joined(separator: String(delimiter)) + "\n"
  }

  /// A file's text: the names of the columns, then the rows.
  public static func text(header: [String]? = nil, rows: [[String]], delimiter: Character = ",") -> String {
    (header.map { line($0, delimiter: delimiter) } ?? "")
      + rows.map { line($0, delimiter: delimiter) }.joined()
  }

  /// A field, in quotes where it holds the delimiter, a quote, a line break or a blank at its ends.
  private static func field(_ text: String, delimiter: Character) -> String {
    let mark = delimiter.utf8.first
    let needsQuotes =
      text.first == " " || text.last == " "
      || text.utf8.contains { $0 == mark || $0 == CSVCursor.quote || $0 == 0x0A || $0 == 0x0D }
    guard needsQuotes else { return text }
    var doubled = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { doubled += "\"" }
      doubled.unicodeScalars.append(scalar)
    }
    return doubled + "\""
  }
}
