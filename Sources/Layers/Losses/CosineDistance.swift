import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The cosine distance between outputs and targets, from 0 to 2 for each row.
///
///     1 − ⟨y, t⟩ / (‖y‖·‖t‖)
///
/// Norms below 10⁻⁸ count as 10⁻⁸, so a row of zeros has the loss 1. Targets: numbers of the output's shape, or integer
/// labels [batch], which become one-hot rows. PyTorch's `1 - cosine_similarity(y, t)`.
public struct CosineDistance: Loss, Registrable {
  public static let name = "cosine-distance"
  public static let card = Card(
    "The cosine distance between outputs and targets.", formula: "1 − ⟨y, t⟩ / (‖y‖·‖t‖)")

  public init() {}

  public var prefersLabels: Bool? { false }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let target = try Targets(loss: Self.name, output: output, target: target).values()
    let (y, t) = (output.flattenedRows(), target.flattenedRows())
    let product = (y * t).sum(axes: [1])
    return 1 - product / (length(y) * length(t))
  }

  private func length(_ rows: Variable) -> Variable {
    let squares = rows.square().sum(axes: [1])
    return squares.maximum(Variable(Tensor(repeating: 1e-16, shape: [], dtype: rows.dtype))).sqrt()
  }
}
