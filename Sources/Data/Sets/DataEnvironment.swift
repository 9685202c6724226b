import AviaryCore
import AviaryFormats

/// What loading depends on beside the configuration.
public struct DataEnvironment: Sendable {
  /// Where sets that are files lie; sets that can be fetched are in ``standardFolder`` unless given.
  public var folder: String?
  /// A file to read in place of the set's own (`--data FILE`).
  public var file: String?
  /// For sets that are drawn.
  public var random: RandomSource

  /// An environment.
  public init(folder: String? = nil, file: String? = nil, random: RandomSource = RandomSource(seed: 0)) {
    self.folder = folder
    self.file = file
    self.random = random
  }

  /// The contents of a file and the path it was found at: as given, else inside ``folder`` where the path is relative.
  ///
  /// Throws ``DataError`` where the file is in neither place or cannot be read.
  public func read(_ file: String) throws -> (path: String, bytes: [UInt8]) {
    try DataError.wrapping {
      var paths = [file]
      if let folder, !folder.isEmpty, !file.hasPrefix("/") {
        paths.append(folder.appendingPath(file))
      }
      for path in paths {
        do {
          return (path, try FileBytes.read(path))
        } catch let error as FormatError where error.kind == .missing {}
      }
      let places = paths.count == 1 ? "there is no such file" : "there is no such file, nor '\(paths[1])'"
      let remedy =
        file.hasPrefix("/")
        ? "check the path" : "check the path, or set AVIARY_DATA to the folder that it is relative to"
      throw DataError(file, "\(places); \(remedy)")
    }
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
