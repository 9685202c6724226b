import AviaryFormats

/// Unusable data: its location, the problem and the remedy.
public struct DataError: Error, Hashable, CustomStringConvertible {
  /// The file or set.
  public var source: String
  /// The problem and the remedy.
  public var problem: String

  public init(_ source: String, _ problem: String) {
    self.source = source
    self.problem = problem
  }

  /// `fonts.npz: …`.
  public var description: String { "\(source): \(problem)" }
}

extension DataError {
  /// A file format error, with its place inside the file.
  public init(_ error: FormatError) {
    let text = error.description
    let prefix = error.source + ": "
    self.init(error.source, text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
  }

  /// Runs `body`, converting a ``FormatError`` into a ``DataError``.
  static func wrapping<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FormatError {
      throw DataError(error)
    }
  }
}
