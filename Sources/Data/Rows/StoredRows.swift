import AviaryCore

/// Consecutive rows of a file, as stored.
public struct StoredRows: Sendable {
  /// The origin of rows.
  public enum Place: Sendable, Hashable {
    /// Rows of a table or an array, counted from 0.
    case rows(of: String, Range<Int>)
    /// Images, one in each file.
    case images([String])
  }

  /// The inputs [n, …], shaped as the model's stored inputs.
  public var inputs: Tensor
  /// The origin of the rows.
  public var place: Place
}

/// Reads a file's rows in pieces.
protocol RowReader: AnyObject {
  /// The next rows; nil at the end.
  func next() throws -> StoredRows?
  /// The fraction of the file read so far.
  var share: Double { get }
  /// What was detected or excluded, one sentence each.
  var notes: [String] { get }
}
