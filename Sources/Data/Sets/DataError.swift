import AviaryFormats

/// Data that cannot be used: where it is, what is wrong with it, and the remedy.
public struct DataError: Error, Hashable, CustomStringConvertible {
  /// The file or set.
  public var source: String
  /// What is wrong, and the remedy.
  public var problem: String

  /// An error about a file or set.
  public init(_ source: String, _ problem: String) {
    self.source = source
    self.problem = problem
  }

  /// `fonts.npz: …`.
  public var description: String { "\(source): \(problem)" }
}

extension DataError {
  /// A file's error, with its place inside the file.
  public init(_ error: FormatError) {
    let text = error.description
    let prefix = error.source + ": "
    self.init(error.source, text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
  }

  /// Runs `body`; a file's error that leaves it becomes a ``DataError``.
  static func wrapping<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FormatError {
      throw DataError(error)
    }
  }
}
