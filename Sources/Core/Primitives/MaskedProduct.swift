/// A product whose weights are dropped at random, with a separate mask for each row.
///
///     yᵢ = xᵢ·(W ∘ Mᵢ),   P(M = 1) = keep
///
/// The masks are a pure function of the random source and the row, so that derivatives draw them again and only one
/// masked copy of W exists at a time. Each draw takes a random number for each weight and row. (Wan et al.,
/// "Regularization of neural networks using DropConnect", 2013.)
public struct MaskedProduct: Primitive {
  /// The product or one of its two derivatives, which are similar products.
  public enum Role: Sendable, Hashable {
    /// Computes y [rows, out] from x [rows, in] and W [in, out].
    case product
    /// Computes dxᵢ = dyᵢ·(W ∘ Mᵢ)ᵀ from dy [rows, out] and W [in, out].
    case rowGradient
    /// Computes dW = Σᵢ (xᵢᵀ·dyᵢ) ∘ Mᵢ from x [rows, in] and dy [rows, out].
    case weightGradient
  }

  public let name = "maskedProduct"
  /// The probability that a weight is kept.
  public let keep: Double
  /// The source of the masks; row i uses `random[i]`.
  public let random: RandomSource
  public let role: Role

  /// By default the product.
  public init(keep: Double, random: RandomSource, role: Role = .product) {
    self.keep = keep
    self.random = random
    self.role = role
  }

  /// The same masks in another role.
  public func with(_ role: Role) -> MaskedProduct { MaskedProduct(keep: keep, random: random, role: role) }

  /// Requires two matching matrices of one floating-point dtype.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (a, b) = (inputs[0].shape, inputs[1].shape)
    guard a.rank == 2, b.rank == 2, inputs[0].dtype.isDifferentiable, inputs[0].dtype == inputs[1].dtype else {
      throw ShapeError(name, inputs, "it needs two matrices of one floating-point dtype")
    }
    let (fits, shape): (Bool, Shape) =
      switch role {
      case .product: (a[1] == b[0], [a[0], b[1]])
      case .rowGradient: (a[1] == b[1], [a[0], b[0]])
      case .weightGradient: (a[0] == b[0], [a[1], b[1]])
      }
    guard fits else { throw ShapeError(name, inputs, "the inner dimensions of rows and weights must agree") }
    return [TensorSpec(shape, inputs[0].dtype)]
  }

  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (a, b) = (inputs[0], inputs[1])
    func masked(_ matrix: Value, _ row: Int) -> Value {
      Value.applying(InvertedDropout(keep: keep, scale: 1, random: random[row]), matrix)
    }
    func row(_ matrix: Value, _ row: Int) -> Value { matrix.slice(axis: 0, row..<(row + 1)) }
    let transposes = role == .rowGradient
    if role == .weightGradient {
      let none = Value(Tensor.zeros([a.shape[1], b.shape[1]], dtype: a.dtype))
      return [
        (0..<a.shape[0]).reduce(none) { sum, i in
          sum + masked(row(a, i).matmul(row(b, i), transposingSelf: true), i)
        }
      ]
    }
    guard a.shape[0] > 0 else { return [a.matmul(b, transposingRight: transposes)] }
    let rows = (0..<a.shape[0]).map { row(a, $0).matmul(masked(b, $0), transposingRight: transposes) }
    return [Value.concatenate(rows, axis: 0)]
  }
}
