import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// How far weights are from orthogonal ones: rate·‖WᵀW − 1‖², the sum of squares, or rate·‖W·Wᵀ − 1‖² where there are more
/// units than inputs and the units cannot all be orthogonal.
///
/// Filters [height, width, in, out] are taken as [height·width·in, out]; a vector as one unit, whose length is drawn to 1.
/// (Brock, Lim, Ritchie and Weston: Neural photo editing with introspective adversarial networks, 2017.)
public struct Orthogonality: Regularizer, Registrable {
  public static let name = "orthogonal"
  public static let card = Card(
    "How far the weights that lead to the units are from orthogonal ones of length 1.", formula: "rate·‖WᵀW − 1‖²",
    references: [
      "Brock, Lim, Ritchie, Weston: Neural photo editing with introspective adversarial networks (2017), "
        + "arXiv:1609.07093"
    ])

  @Field("Factor of the sum of squares", .nonNegative) var rate = 0.01

  public init() {}

  /// A rate of 0.01 unless given. Traps on a negative or infinite one.
  public init(_ rate: Double = 0.01, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = rate
    self = required(file: file, line: line)
  }

  /// rate·‖WᵀW − 1‖².
  public func callAsFunction(_ parameter: Variable) -> Variable {
    let matrix = parameter.asMatrix()
    let short = matrix.shape[0] < matrix.shape[1] ? matrix : matrix.transposed()
    let products = short.matmul(short.transposed())
    return (products - Variable(Tensor.identity(products.shape[0], dtype: parameter.dtype))).square().sum() * rate
  }
}

extension TensorProtocol {
  /// A parameter as a matrix [inputs of a unit, units]; a vector as one unit.
  func asMatrix() -> Self { rank == 2 ? self : reshaped(to: rank < 2 ? [-1, 1] : [-1, shape[-1]]) }
}
