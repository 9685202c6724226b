import AviaryRegistry

/// Where a set of images that is a folder of files lies.
struct ImageFolder: FieldGroup {
  @Field(
    "Folder of the files, also relative to the recipe or AVIARY_DATA; by default the set's own name inside of that",
    .nonEmpty)
  var folder: String?
  @Field("npz file of images [n, height, width] and labels [n] to read in place of the set's own files", .nonEmpty)
  var file: String?

  init() {}

  init(_ folder: String?) { self.folder = folder }

  /// The folders to look into, the likeliest first.
  func candidates(_ name: String, _ environment: DataEnvironment) -> [Candidate] {
    if let folder { return environment.places(of: folder).map { Candidate(path: $0, isNamed: true) } }
    guard let base = environment.dataFolder else { return [] }
    return [Candidate(path: base.appendingPath(name), isNamed: true), Candidate(path: base, isNamed: false)]
  }

  /// Notes which of the candidates it was, for a run to remember.
  func note(_ candidate: Candidate, in environment: DataEnvironment) {
    if let folder { environment.found?.note(folder, at: candidate.path) }
  }

  /// A folder to look into.
  struct Candidate {
    var path: String
    /// Whether somebody said that this set's files, not another's of the same names, are there.
    var isNamed: Bool
  }
}

extension DataError {
  /// The error of a set whose files are not there.
  static func missing(_ file: String, of name: String, in candidates: [ImageFolder.Candidate]) -> DataError {
    let places = candidates.map { "'\($0.path)'" }.joined(separator: " nor in ")
    let found = candidates.isEmpty ? "no folder of data is known" : "\(file) is not in \(places)"
    return DataError(
      name,
      "\(found); get the set by 'aviary data fetch \(name)', or set AVIARY_DATA to the folder that holds '\(name)'")
  }
}
