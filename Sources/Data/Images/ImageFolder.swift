import AviaryRegistry

/// The location of a set of images that is a folder of files.
struct ImageFolder: FieldGroup {
  @Field(
    "Folder of the files, also relative to the recipe or AVIARY_DATA; by default the set's name inside AVIARY_DATA",
    .nonEmpty)
  var folder: String?
  @Field("npz file with images [n, height, width] and labels [n] to read instead of the set's own files", .nonEmpty)
  var file: String?

  init() {}

  init(_ folder: String?) { self.folder = folder }

  /// The folders to search, likeliest first.
  func candidates(_ name: String, _ environment: DataEnvironment) -> [Candidate] {
    if let folder { return environment.places(of: folder).map { Candidate(path: $0, isNamed: true) } }
    guard let base = environment.dataFolder else { return [] }
    return [Candidate(path: base.appendingPath(name), isNamed: true), Candidate(path: base, isNamed: false)]
  }

  /// Records which candidate was used, for the run to remember.
  func note(_ candidate: Candidate, in environment: DataEnvironment) {
    if let folder { environment.found?.note(folder, at: candidate.path) }
  }

  /// A folder to search.
  struct Candidate {
    var path: String
    /// Whether the folder is known to hold this set rather than another one with the same file names.
    var isNamed: Bool
  }
}

extension DataError {
  /// The error for a missing set.
  static func missing(_ file: String, of name: String, in candidates: [ImageFolder.Candidate]) -> DataError {
    let places = candidates.map { "'\($0.path)'" }.joined(separator: " nor in ")
    let found = candidates.isEmpty ? "no data folder is set" : "\(file) is not in \(places)"
    return DataError(
      name,
      "\(found); fetch it with 'aviary data fetch \(name)', or set AVIARY_DATA to the folder with '\(name)'")
  }
}
