import Aviary

/// A name that stands for nothing, with the nearest that does.
struct UnknownName: Error, CustomStringConvertible {
  let description: String

  /// Without a remedy, all known names are told.
  init(_ kind: String, _ name: String, known: [String], remedy: String? = nil) {
    let near = Suggestion.nearest(to: name, in: known).map { "did you mean '\($0)'? " } ?? ""
    description = "unknown \(kind) '\(name)'; \(near)" + (remedy ?? "known: \(known.listed())")
  }
}
