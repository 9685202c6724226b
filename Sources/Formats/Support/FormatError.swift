/// An error in a file: where it is, what was expected there, and what was found.
///
/// ```
/// digits.npz: member 'x.npy', byte 10: expected a Python dictionary, found the character "<"
/// scores.csv: line 3, column 2 ('y'): expected a number, found "four"
/// ```
public struct FormatError: Error, Hashable, CustomStringConvertible {
  /// The kinds of errors, for callers that distinguish them.
  public enum Kind: String, Sendable, Hashable {
    /// The file does not exist.
    case missing
    /// The system cannot read it.
    case unreadable
    /// The system cannot write it.
    case unwritable
    /// Its contents violate its format.
    case malformed
    /// It is valid, but uses a part of the format that is not supported.
    case unsupported
    /// It needs more memory than the caller allows.
    case tooLarge
    /// The file is valid but has nothing with the requested name.
    case noSuchName
  }

  /// A place inside a file.
  public enum Place: Sendable, Hashable, CustomStringConvertible {
    /// A named part: a member of an archive, a tensor, a chunk.
    case member(String)
    /// An offset from the start of the file, or of the preceding member, from 0.
    case byte(Int)
    /// A line, from 1.
    case line(Int)
    /// A column of a table, from 1, and its name if the table has a header.
    case column(Int, name: String?)

    /// `member 'x.npy'`, `byte 12`, `line 3`, `column 2 ('y')`.
    public var description: String {
      switch self {
      case .member(let name): "member '\(name)'"
      case .byte(let offset): "byte \(offset)"
      case .line(let line): "line \(line)"
      case .column(let column, name: let name?): "column \(column) ('\(name)')"
      case .column(let column, name: nil): "column \(column)"
      }
    }
  }

  public var kind: Kind
  /// The file's path, or the caller's name for the bytes.
  public var source: String
  /// The place in the source, from the outside in; empty for the whole source.
  public var places: [Place]
  /// What was expected.
  public var expected: String
  /// What was found.
  public var found: String
  /// The remedy, if there is one.
  public var remedy: String?

  public init(
    _ kind: Kind, source: String, places: [Place] = [], expected: String, found: String, remedy: String? = nil
  ) {
    self.kind = kind
    self.source = source
    self.places = places
    self.expected = expected
    self.found = found
    self.remedy = remedy
  }

  /// `SOURCE: PLACES: expected …, found …; REMEDY`.
  public var description: String {
    let place = places.isEmpty ? "" : ": " + places.map(\.description).joined(separator: ", ")
    return "\(source)\(place): expected \(expected), found \(found)" + (remedy.map { "; \($0)" } ?? "")
  }
}
