/// The name of the bytes being read, and the current part of them, with which errors begin.
struct FormatSource: Sendable {
  var name: String
  var places: [FormatError.Place] = []
  /// Added to offsets in errors when reading a piece of the source.
  var origin = 0
  /// Added to line numbers in errors when reading a piece of the source.
  var linesBefore = 0

  init(_ name: String) { self.name = name }

  /// A named part of this source; offsets count from its start.
  func member(_ name: String) -> FormatSource { inside(.member(name)).from(0) }

  /// A piece that begins at an offset; offsets still count from the source's start.
  func from(_ offset: Int) -> FormatSource {
    var result = self
    result.origin = offset
    return result
  }

  func inside(_ place: FormatError.Place) -> FormatSource {
    var result = self
    result.places.append(place)
    return result
  }

  /// A line of this source, from 1, counted from the start of the current piece.
  func line(_ line: Int) -> FormatSource { inside(.line(linesBefore + line)) }

  func error(
    _ kind: FormatError.Kind = .malformed, at offset: Int? = nil, expected: String, found: String, remedy: String? = nil
  ) -> FormatError {
    FormatError(
      kind, source: name, places: places + (offset.map { [.byte(origin + $0)] } ?? []), expected: expected,
      found: found,
      remedy: remedy)
  }
}

/// A text for errors: quoted, with control characters escaped, and shortened if it is long.
func quoted(_ text: some StringProtocol) -> String {
  let shown = text.prefix(40)
  return String(shown).debugDescription + (shown.endIndex < text.endIndex ? "…" : "")
}

/// A byte for errors: the ASCII character, or its value.
func quoted(byte: UInt8) -> String {
  (0x21...0x7E).contains(byte) ? "the character " + quoted(String(UnicodeScalar(byte))) : "the byte \(byte)"
}
