import AviaryCore

/// An input of each row beside the first one, for models that take several.
public struct FurtherInput: Sendable {
  /// One row an example: [n, …].
  public var values: Tensor
  /// How many steps of each row are data, for sequences [n, steps, …] of different lengths; nil where all rows are as long.
  public var lengths: [Int]?

  /// What its whole numbers stand for, where these are symbols; nil for other inputs.
  public var symbols: [String]?

  /// An input.
  public init(_ values: Tensor, lengths: [Int]? = nil, symbols: [String]? = nil) {
    self.values = values
    self.lengths = lengths
    self.symbols = symbols
  }

  /// Other rows of it.
  func with(_ rows: [Int], _ taken: (Tensor) -> Tensor) -> FurtherInput {
    FurtherInput(taken(values), lengths: lengths.map { lengths in rows.map { lengths[$0] } }, symbols: symbols)
  }

  /// Without the steps that are padding in all rows.
  var cropped: FurtherInput { FurtherInput(values.cropped(to: lengths), lengths: lengths, symbols: symbols) }
}

extension Tensor {
  /// Sequences [n, steps, …] without the steps that are padding in all rows.
  func cropped(to lengths: [Int]?) -> Tensor {
    guard let longest = lengths?.max(), longest < shape[1] else { return self }
    return slice(axis: 1, 0..<longest).contiguous()
  }
}
