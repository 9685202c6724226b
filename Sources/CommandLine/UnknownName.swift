import Aviary

/// An unknown name, with the nearest known one.
struct UnknownName: Error, CustomStringConvertible {
  let description: String

  /// Without a remedy, the message lists all known names.
  init(_ kind: String, _ name: String, known: [String], remedy: String? = nil) {
    let near = Suggestion.nearest(to: name, in: known).map { "did you mean '\($0)'? " } ?? ""
    description = "unknown \(kind) '\(name)'; \(near)" + (remedy ?? "known: \(known.listed())")
  }
}
