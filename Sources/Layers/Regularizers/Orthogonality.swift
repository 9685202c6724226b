import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The squared distance from orthonormal weights, rate·‖WᵀW − 1‖², or rate·‖W·Wᵀ − 1‖² if there are more units than
/// inputs, so that the units cannot all be orthogonal.
///
/// Filters [height, width, in, out] are treated as [height·width·in, out]; a vector as one unit, whose norm is pulled
/// to 1. (Brock, Lim, Ritchie and Weston: Neural photo editing with introspective adversarial networks, 2017.)
public struct Orthogonality: Regularizer, Registrable {
  public static let name = "orthogonal"
  public static let card = Card(
    "The squared distance of the units' weight vectors from orthonormal ones.", formula: "rate·‖WᵀW − 1‖²",
    references: [
      "Brock, Lim, Ritchie, Weston: Neural photo editing with introspective adversarial networks (2017), "
        + "arXiv:1609.07093"
    ])

  @Field("Factor of the sum of squares", .nonNegative) var rate = 0.01

  public init() {}

  /// Traps on a negative or infinite rate.
  public init(_ rate: Double = 0.01, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = rate
    self = required(file: file, line: line)
  }

  public func callAsFunction(_ parameter: Variable) -> Variable {
    let matrix = parameter.asMatrix()
    let short = matrix.shape[0] < matrix.shape[1] ? matrix : matrix.transposed()
    let products = short.matmul(short.transposed())
    return (products - Variable(Tensor.identity(products.shape[0], dtype: parameter.dtype))).square().sum() * rate
  }
}

extension TensorProtocol {
  /// A parameter as a matrix [inputs per unit, units]; a vector as one unit.
  func asMatrix() -> Self { rank == 2 ? self : reshaped(to: rank < 2 ? [-1, 1] : [-1, shape[-1]]) }
}
