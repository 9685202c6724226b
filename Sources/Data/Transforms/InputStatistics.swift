import AviaryCore

/// Mean, standard deviation and bounds of inputs [n, …] over some axes including the first, in float64.
///
/// Rows are processed in chunks, so the sums of a set of bytes do not need eight times its memory. The size of a chunk
/// depends only on the size of a row, and does not affect the result.
struct InputStatistics {
  let mean: Tensor
  /// √(Σ (x − mean)² / n).
  let deviation: Tensor
  let least: Tensor
  let greatest: Tensor
  /// Where all values are equal.
  let isConstant: Tensor

  /// Throws ``DataError`` for inputs without rows or with values that are not finite.
  init(of inputs: Tensor, over scope: FeatureScope, for transform: String) throws {
    guard inputs.rank > 0, inputs.elementCount > 0 else {
      throw DataError(transform, "there are no inputs to fit to: \(inputs.spec)")
    }
    let axes = scope.axes(ofRank: inputs.rank)
    let rows = Swift.max(1, (1 << 20) / (inputs.elementCount / inputs.shape[0]))
    func combined(_ part: (Tensor) -> Tensor, _ combine: (Tensor, Tensor) -> Tensor) -> Tensor {
      var result: Tensor?
      for start in stride(from: 0, to: inputs.shape[0], by: rows) {
        let range = start..<Swift.min(start + rows, inputs.shape[0])
        let value = part(inputs[range].cast(to: .float64))
        result = result.map { combine($0, value) } ?? value
      }
      return result ?? inputs
    }
    least = combined({ $0.min(axes: axes) }, { $0.minimum($1) })
    greatest = combined({ $0.max(axes: axes) }, { $0.maximum($1) })
    let sum = combined({ $0.sum(axes: axes) }, +)
    let count = Double(inputs.elementCount / sum.elementCount)
    isConstant = least .== greatest
    // A rounded mean of equal values may differ from them.
    let mean = Tensor.where(isConstant, least, sum / count)
    guard mean.isFinite().all().item() != 0, greatest.isFinite().all().item() != 0, least.isFinite().all().item() != 0
    else { throw DataError(transform, "the inputs to fit to have NaN or infinite values") }
    let squares = combined({ ($0 - mean).square().sum(axes: axes) }, +)
    deviation = (squares / count).sqrt()
    self.mean = mean
  }
}
