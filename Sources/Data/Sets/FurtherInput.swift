import AviaryCore

/// An additional input of each row, for models that take several.
public struct FurtherInput: Sendable {
  /// One example per row: [n, …].
  public var values: Tensor
  /// The number of valid steps of each row, if they are sequences [n, steps, …] of different lengths; nil if all rows
  /// are equally long.
  public var lengths: [Int]?

  /// The symbols that integers stand for; nil for other inputs.
  public var symbols: [String]?

  public init(_ values: Tensor, lengths: [Int]? = nil, symbols: [String]? = nil) {
    self.values = values
    self.lengths = lengths
    self.symbols = symbols
  }

  /// The input for the given rows.
  func with(_ rows: [Int], _ taken: (Tensor) -> Tensor) -> FurtherInput {
    FurtherInput(taken(values), lengths: lengths.map { lengths in rows.map { lengths[$0] } }, symbols: symbols)
  }

  /// The input without the steps that are padding in all rows.
  var cropped: FurtherInput { FurtherInput(values.cropped(to: lengths), lengths: lengths, symbols: symbols) }
}

extension Tensor {
  /// Sequences [n, steps, …] without the steps that are padding in all rows.
  func cropped(to lengths: [Int]?) -> Tensor {
    guard let longest = lengths?.max(), longest < shape[1] else { return self }
    return slice(axis: 1, 0..<longest).contiguous()
  }
}
