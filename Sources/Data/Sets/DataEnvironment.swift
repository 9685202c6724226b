import AviaryCore
import AviaryFormats

/// What loading depends on besides the configuration.
public struct DataEnvironment: Sendable {
  /// The folder of file-based sets; default: ``standardFolder``.
  public var folder: String?
  /// The folder of the recipe's file, where relative paths are also looked for.
  public var recipeFolder: String?
  /// A file to read instead of the set's own (`--data FILE`).
  public var file: String?
  /// Random numbers for computed sets.
  public var random: RandomSource
  /// The meaning of columns and classes to match by name; nil if unknown.
  public var schema: DataSchema?
  /// How model and loss interpret targets, if the set's own configuration does not specify it.
  public var targetKind = TargetKind.automatic
  /// Whether integers in a file are indices of named classes: true if the names come from an image set rather than from
  /// the file used in training.
  var placesAreClasses = false
  /// Known paths of files by their names in the recipe: the first place to look.
  package var known: [String: String] = [:]
  /// Records where files are found.
  package var found: FoundFiles?

  public init(folder: String? = nil, file: String? = nil, random: RandomSource = RandomSource(seed: 0)) {
    self.folder = folder
    self.file = file
    self.random = random
  }

  /// The contents of a file and the path where it was found. A relative path is tried as given, then beside the recipe,
  /// then inside ``dataFolder``. A resumed or evaluated run first looks where it found the file before.
  ///
  /// Throws ``DataError`` if the file is in none of these places or cannot be read.
  public func read(_ file: String) throws -> (path: String, bytes: [UInt8]) {
    try found(file) { try FileBytes.read($0) }
  }

  /// The result of `body` for the first path where it does not report a missing file, and that path.
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
        ? "check the path" : "check the path, or set AVIARY_DATA to the folder it is relative to"
      throw DataError(file, (["no such file"] + others).joined(separator: ", ") + "; \(remedy)")
    }
  }

  /// The absolute path of a file, if it exists.
  package func path(of file: String) -> String? {
    places(of: file).first { FileBytes.count($0) != nil }?.resolvedPath
  }

  /// The possible paths of a file or folder, likeliest first.
  func places(of path: String) -> [String] {
    var places = [known[path], path].compactMap { $0 }
    guard !path.hasPrefix("/") else { return places }
    for case let folder? in [recipeFolder, dataFolder] where !folder.isEmpty {
      places.append(folder.appendingPath(path))
    }
    return places
  }

  /// Checks that a computed set fits into the machine's memory.
  ///
  /// - Parameters:
  ///   - name: the set's name.
  ///   - sizes: the factors of the number of elements.
  ///   - bytes: the bytes of an element, while the set is computed.
  /// - Throws: ``DataError`` with both amounts.
  func checkMemory(of name: String, _ sizes: [Int], bytes: Double = 24) throws {
    let (needed, limit) = (sizes.reduce(bytes) { $0 * Double($1) }, Double(MemoryLimit.byteCount))
    guard needed > limit else { return }
    func text(_ bytes: Double) -> String { "\((bytes / 1_073_741_824 * 10).rounded() / 10) GiB" }
    throw DataError(
      name,
      "computing it needs about \(text(needed)) of memory, but there are \(text(limit)); ask for fewer rows or steps")
  }

  /// Throws ``DataError`` if a file is given for a set that reads none, rather than ignoring the file.
  public func refuseFile(for name: String) throws {
    guard let file else { return }
    throw DataError(
      file,
      "the data set '\(name)' is computed and reads no file; use the data set 'npz' or 'csv' for your own files")
  }
}
