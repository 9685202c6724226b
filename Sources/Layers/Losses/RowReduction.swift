import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The reduction of a row's element losses to the loss of the row.
public enum RowReduction: String, CaseIterable, FieldValue {
  /// The mean, as in PyTorch and Keras: suitable learning rates do not depend on the number of outputs.
  case mean
  /// The sum, as in most formulas: the negative log-likelihood of the row.
  case sum

  /// Reduces [batch, …] to [batch].
  func callAsFunction(_ losses: Variable) -> Variable {
    let rows = losses.flattenedRows()
    guard rows.shape[1] != 1 else { return rows.reshaped(to: [rows.shape[0]]) }
    let sums = rows.sum(axes: [1])
    return self == .sum ? sums : sums * (1 / Double(rows.shape[1]))
  }

  /// The weight of an element of outputs [batch, …]: 1 for the sum, 1/K for the mean of K.
  func share(of shape: Shape) -> Double {
    self == .sum ? 1 : 1 / Double(max(1, shape.dropFirst().reduce(1, *)))
  }
}

extension TensorProtocol {
  /// [batch, …] as [batch, elements per row].
  package func flattenedRows() -> Self {
    if rank == 2 { return self }
    var elements = 1
    for axis in 1..<Swift.max(rank, 1) { elements *= shape[axis] }
    return reshaped(to: [shape[0], elements])
  }
}
