/// What went wrong with a file: where it is, what was expected there, and what was found.
///
/// ```
/// digits.npz: member 'x.npy', byte 10: expected a Python dictionary, found the character "<"
/// scores.csv: line 3, column 2 ('y'): expected a number, found "four"
/// ```
public struct FormatError: Error, Hashable, CustomStringConvertible {
  /// The kinds of failure, for callers that treat them differently.
  public enum Kind: String, Sendable, Hashable {
    /// The file does not exist.
    case missing
    /// The system refuses to read it.
    case unreadable
    /// The system refuses to write it.
    case unwritable
    /// Its contents break the rules of its format.
    case malformed
    /// It keeps the rules, but uses a part of the format that has no counterpart here.
    case unsupported
    /// It asks for more memory than the caller allows.
    case tooLarge
    /// The file is sound and has nothing under the name that was asked for.
    case noSuchName
  }

  /// A place inside a file.
  public enum Place: Sendable, Hashable, CustomStringConvertible {
    /// A named part: a member of an archive, a tensor, a chunk.
    case member(String)
    /// An offset from the start of the file or of the member named before, from 0.
    case byte(Int)
    /// A line, from 1.
    case line(Int)
    /// A column of a table, from 1, and its name where the table has a header.
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

  /// What kind of failure it is.
  public var kind: Kind
  /// The file's path, or what the caller named the bytes.
  public var source: String
  /// Where in the source, from the outside in; empty where the whole of it is meant.
  public var places: [Place]
  /// What should have been there.
  public var expected: String
  /// What was there.
  public var found: String
  /// What to do about it, where there is something to do.
  public var remedy: String?

  /// An error with the given parts.
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
