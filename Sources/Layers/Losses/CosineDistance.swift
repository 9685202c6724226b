import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// How far the direction of the outputs is from that of the targets: 1 − ⟨y, t⟩ / (‖y‖·‖t‖) for each row, from 0 to 2.
///
/// Lengths below 10⁻⁸ are taken as that, so that a row of zeros costs 1. Targets: numbers of the output's shape, or integer
/// labels [batch], which stand for rows of zeros with a one. PyTorch's `1 - cosine_similarity(y, t)`.
public struct CosineDistance: Loss, Registrable {
  public static let name = "cosine-distance"
  public static let card = Card(
    "How far the direction of the outputs is from that of the targets.", formula: "1 − ⟨y, t⟩ / (‖y‖·‖t‖)")

  public init() {}

  /// Values: directions are of numbers.
  public var prefersLabels: Bool? { false }

  /// [batch]. Throws ``LossError`` where the targets do not fit.
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
