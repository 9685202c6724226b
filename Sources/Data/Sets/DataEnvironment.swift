import AviaryCore
import AviaryFormats

/// What loading depends on beside the configuration.
public struct DataEnvironment: Sendable {
  /// Where sets that are files lie; ``standardFolder`` unless given.
  public var folder: String?
  /// The folder of the recipe's file, in which relative paths are looked for, too.
  public var recipeFolder: String?
  /// A file to read in place of the set's own (`--data FILE`).
  public var file: String?
  /// For sets that are drawn.
  public var random: RandomSource
  /// What the set must mean that is read: columns and classes are matched to it by name. nil where nothing is known yet.
  public var schema: DataSchema?
  /// What model and loss take targets for, where the set's own configuration leaves it open.
  public var targetKind = TargetKind.automatic
  /// Where files were found before, by what the recipe calls them: the first place to look.
  package var known: [String: String] = [:]
  /// Notes where files are found.
  package var found: FoundFiles?

  /// An environment.
  public init(folder: String? = nil, file: String? = nil, random: RandomSource = RandomSource(seed: 0)) {
    self.folder = folder
    self.file = file
    self.random = random
  }

  /// The contents of a file and the path it was found at: as given, else where the path is relative beside the recipe, else
  /// inside ``dataFolder``. A run that goes on or is measured looks first where it found the file before.
  ///
  /// Throws ``DataError`` where the file is in none of these places or cannot be read.
  public func read(_ file: String) throws -> (path: String, bytes: [UInt8]) {
    try found(file) { try FileBytes.read($0) }
  }

  /// What `body` makes of a file, and the path it was found at: the first one for which it does not say that there is no file.
  func found<Result>(_ file: String, _ body: (_ path: String) throws -> Result) throws -> (path: String, Result) {
    try DataError.wrapping {
      let places = places(of: file)
      for path in places {
        do {
          let result = try body(path)
          found?.note(file, at: path)
          return (path, result)
        } catch let error as FormatError where error.kind == .missing {}
      }
      let others = places.indices.filter { places[$0] != file && !places[..<$0].contains(places[$0]) }
        .map { "nor '\(places[$0])'" }
      let remedy =
        file.hasPrefix("/")
        ? "check the path" : "check the path, or set AVIARY_DATA to the folder that it is relative to"
      throw DataError(file, (["there is no such file"] + others).joined(separator: ", ") + "; \(remedy)")
    }
  }

  /// The absolute path of a file, where there is one of the name.
  package func path(of file: String) -> String? {
    places(of: file).first { FileBytes.count($0) != nil }?.resolvedPath
  }

  /// The paths that a file or folder may have, the likeliest first.
  func places(of path: String) -> [String] {
    var places = [known[path], path].compactMap { $0 }
    guard !path.hasPrefix("/") else { return places }
    for case let folder? in [recipeFolder, dataFolder] where !folder.isEmpty {
      places.append(folder.appendingPath(path))
    }
    return places
  }

  /// Throws ``DataError`` where a file is to be read in place of the set of that name, which reads none: better than to
  /// ignore the file.
  public func refuseFile(for name: String) throws {
    guard let file else { return }
    throw DataError(
      file,
      "the data set '\(name)' is computed and reads no file; use the data set 'npz' or 'csv' for files of your own")
  }
}
