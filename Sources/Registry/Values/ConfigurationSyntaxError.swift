/// Invalid JSON: where, what was expected, what was found.
public struct ConfigurationSyntaxError: Error, Equatable, Sendable {
  /// The line, counted from 1.
  public var line: Int
  /// The column, counted from 1 in bytes of UTF-8.
  public var column: Int
  /// The problem.
  public var reason: String
  /// The file, if known.
  public var source: String?

  public init(line: Int, column: Int, reason: String, source: String? = nil) {
    self.line = line
    self.column = column
    self.reason = reason
    self.source = source
  }

  /// The same error with the file's name.
  public func inSource(_ source: String) -> Self {
    var error = self
    error.source = source
    return error
  }
}

extension ConfigurationSyntaxError: CustomStringConvertible {
  /// `recipe.json:3:14: expected ',' or '}' after a value, found '"'`.
  public var description: String {
    if let source { "\(source):\(line):\(column): \(reason)" } else { "line \(line), column \(column): \(reason)" }
  }
}
