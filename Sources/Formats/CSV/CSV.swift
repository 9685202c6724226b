/// Writes comma-separated values (RFC 4180). ``CSVTable`` reads them.
public enum CSV {
  /// A row with its line end (LF), quoting fields if necessary.
  public static func line(_ fields: [String], delimiter: Character = ",") -> String {
    // An empty line would not count as a row.
    if fields == [""] { return "\"\"\n" }
    return fields.map { field($0, delimiter: delimiter) }.joined(separator: String(delimiter)) + "\n"
  }

  /// A file's text: the column names, then the rows.
  public static func text(header: [String]? = nil, rows: [[String]], delimiter: Character = ",") -> String {
    (header.map { line($0, delimiter: delimiter) } ?? "")
      + rows.map { line($0, delimiter: delimiter) }.joined()
  }

  /// A field, quoted if it has the delimiter, a quote, a line break, or leading or trailing blanks.
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
